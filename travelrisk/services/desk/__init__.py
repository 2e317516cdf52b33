"""What focal points work with: the queue, what ends soon, evidence, notices and the past."""
