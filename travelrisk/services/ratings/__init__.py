"""Records of ratings as files: read, imported as one edition, listed and exported."""
