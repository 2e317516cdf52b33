"""Free text: lines become sketches of segments, and what no sketch took is told."""
