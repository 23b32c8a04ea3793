"""Pictures that are drawn from plain data: geometry, one template, and what makes a PNG of it."""
