"""Protocol: how both sides of the seal write and read what passes between them."""
