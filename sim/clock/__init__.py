"""A plant in time: the one room that imports SimPy.

- ``plant``: the run of a network: what processes say and ask, and one settlement an instant.
- ``states``: what every train does and why it stands; what may set it going again; gridlock, with
  the circle of who waits for whom.
- ``alarms``: the next event of the plant's own making: the end of an interval, a mark.
- ``clocks``: clocks that run by the calendar, by run time, by volume or by mass; demurrage.
- ``life``: failures, repairs, maintenance, start-ups, shifts, shutdowns, weather as processes.
- ``logistics``: deliveries, trucks and lots as processes.
- ``orders``: a schedule of rates, holds and deliveries as processes.
- ``refit``: what works otherwise than designed while something is missing, and what runs on.
- ``releases``: what is let go for a while, by trains that otherwise stand by.
- ``redesign``: A plant that is rebuilt while it runs, and devices that are by-passed while they
  are down.
- ``random_streams``: random numbers by the name of the unit and the purpose.
- ``meter``: time averages of levels and rates, period by period.
- ``recorder``: traces of a run: states, levels, events.
- ``saved``: a run that is saved as what it was made of, and goes on.
- ``watch``: what leaves the plant, watched in time against bounds.
- ``windows``: what leaves, averaged over every clock hour, day and year, against limits.
"""
