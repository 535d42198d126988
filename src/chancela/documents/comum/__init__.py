"""What the documents share: text, people and places."""
