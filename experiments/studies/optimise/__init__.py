"""The best set of schemes and set points under a budget and limits, at rest and in operation.

``question`` is what is asked, ``sets`` looks at every set at rest, ``turning`` moves set points
within their bounds, ``running`` lets the best run under the same breakdowns until one is left,
``findings`` is what came out,
``study`` puts them together, ``report`` and ``monday`` tell them to an engineer and to a manager.
"""
