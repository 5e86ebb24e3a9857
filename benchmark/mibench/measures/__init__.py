"""Statistics that several rooms share: intervals, agreement. They know arrays, not records."""
