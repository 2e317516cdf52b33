"""What stands beside flights: sentences, remarks and names that may change who flies or where."""
