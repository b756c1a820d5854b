"""The MkDocs theme of sayso: small, self-contained, and without a request to anybody else."""
