"""Student: what runs beside student code, inside the sandbox, and nothing else."""
