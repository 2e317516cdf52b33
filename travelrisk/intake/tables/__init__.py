"""Tables of agencies: CSV and XLSX, their headings, rows, and what stands around them."""
