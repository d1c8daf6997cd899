"""What a student's process can reach and use up, and what runs outside of it."""
