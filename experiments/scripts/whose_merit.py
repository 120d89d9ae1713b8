"""Whose merit is it? One figure shared out over some schemes by five methods."""

import experiments as ex

PLAYERS = "F1-F5, F10"

if __name__ == "__main__":
    shares = ex.attribute("air.benzene_t", players=PLAYERS)
    print(shares)
    print(shares.table())
