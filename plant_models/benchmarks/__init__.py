"""Small plants with known answers, parametrised so that anyone can try other numbers.

``machines``: unreliable machines alone, in a rigid row, with buffers; ``flows``: a recycle loop,
deliveries, an on/off source, drums; ``stirred``: well-mixed tanks; ``queues``: a loading point;
``works``: everything at once. ``oracles`` holds the answers, ``measure`` reads them off a run,
``innovations`` and ``line_watch`` take off what chance has added to it.
"""
