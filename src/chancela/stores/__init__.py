"""PostgreSQL, vault, artefacts and queue: what implements the ports that issuing declares. The only home of SQL."""
