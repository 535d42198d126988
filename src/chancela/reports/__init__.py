"""Reports and exports: what is stored, summed, written as files and handed out. SQL stays in stores."""
