"""One self-contained HTML file with all 4,096 designs: what a teacher carries on a memory stick."""
