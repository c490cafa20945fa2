"""What happens to machines happens to pmpath: nine faults, each with writers in flight and an audit afterwards."""
