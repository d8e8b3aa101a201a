"""Documents that leave the service: what each kind says, written from the data of its case."""
