"""How many people live in a region: the figures that ARX 3.9.2 ships with (ARXPopulationModel)."""

REGIONS = {
    "africa": 1_100_000_000,
    "australia": 23_130_900,
    "brasil": 202_656_788,
    "canada": 34_834_841,
    "china": 1_366_040_000,
    "europe": 740_000_000,
    "european-union": 507_420_000,
    "france": 65_820_916,
    "germany": 80_767_000,
    "india": 1_210_569_573,
    "north-america": 565_265_000,
    "south-america": 385_742_554,
    "uk": 63_705_000,
    "usa": 317_238_626,
}
