"""The numbers of the note on pandas: alignment, groups by hand, means of means, rows of a merge and types."""

import io

import numpy as np
import pandas as pd

# versions: Copy-on-Write is the only mode from pandas 3.0; a FutureWarning stood in 2.2

S, T = pd.Series({"a": 1, "b": 2}), pd.Series({"b": 10, "c": 20})
assert (S + T)["b"] == 12
assert (S + T).isna().sum() == 2
assert S.add(T, fill_value=0).to_dict() == {"a": 1, "b": 12, "c": 20}

SMALL = pd.DataFrame({"a": [1, 2, 3]})
assert (len(SMALL.loc[0:1]), len(SMALL.iloc[0:1])) == (2, 1)

SALES = {"region": ["north", "south", "north", "south", "north"], "amount": [4, 10, 6, 20, 5]}
PILES = pd.DataFrame(SALES).groupby("region")["amount"]
assert PILES.sum().to_dict() == {"north": 15, "south": 30}
assert PILES.mean().to_dict() == {"north": 5, "south": 15}

EVENTS = pd.read_csv(
    io.StringIO(
        "day,user,model,ms,postcode,country\n"
        "2026-01-05,u,A,100,01234,NA\n"
        "2026-01-09,u,A,300,01234,NA\n"
        "2026-02-01,v,B,50,99999,\n"
    ),
    dtype={"postcode": "string"},
    parse_dates=["day"],
    keep_default_na=False,
    na_values=[""],
)
assert EVENTS["postcode"][0] == "01234"
assert EVENTS["country"].isna().sum() == 1
assert EVENTS.groupby("model")["ms"].mean().to_dict() == {"A": 200, "B": 50}
TABLE = EVENTS.groupby("model", as_index=False).agg(mean_ms=("ms", "mean"), n=("ms", "size"))
assert TABLE.to_numpy().tolist() == [["A", 200, 2], ["B", 50, 1]]
assert EVENTS.groupby(EVENTS["day"].dt.to_period("M"))["ms"].sum().tolist() == [400, 50]
assert EVENTS.groupby("user").size().mean() == 1.5

UNEVEN = pd.DataFrame({"model": list("AAAAB"), "ms": [100, 100, 100, 100, 600]})
GROUPS = UNEVEN.groupby("model")["ms"].agg(["mean", "size"])
assert GROUPS["mean"].tolist() == [100, 600]
assert GROUPS["mean"].mean() == 350
assert 4 * 100 + 1 * 600 == 1_000
assert UNEVEN["ms"].mean() == 200 == (GROUPS["mean"] * GROUPS["size"]).sum() / GROUPS["size"].sum()
SHARE = UNEVEN["ms"] / UNEVEN.groupby("model")["ms"].transform("sum")
assert SHARE.tolist() == [0.25, 0.25, 0.25, 0.25, 1]

KEYS = pd.DataFrame({"k": ["x", None, "y"], "v": [1, 2, 3]})
assert KEYS.groupby("k")["v"].sum().sum() == 4  # the 2 was dropped
assert KEYS.groupby("k", dropna=False)["v"].sum().sum() == 6


def merged(left: str, right: str, how: str) -> int:
    """How many rows a merge returns for the keys, one letter each."""
    one, two = pd.DataFrame({"k": list(left)}), pd.DataFrame({"k": list(right)})
    return len(one.merge(two, on="k", how=how))  # type: ignore[arg-type]


assert [merged("aab", "aac", how) for how in ("inner", "left", "outer")] == [4, 5, 6]
assert merged("aabb", "abb", "inner") == 6  # "Check yourself"
try:
    pd.DataFrame({"k": ["a"]}).merge(pd.DataFrame({"k": ["a", "a"]}), on="k", validate="many_to_one")
except pd.errors.MergeError:
    CAUGHT = True
assert CAUGHT
NONE = pd.DataFrame({"k": ["a", None]})
assert len(NONE.merge(NONE, on="k")) == 2  # None matched None

WHOLE = pd.Series([1, 2, 3])
assert WHOLE.reindex([0, 1, 5]).dtype == "float64"
assert str(WHOLE.reindex([0, 1, 5])[0]) == "1.0"
assert WHOLE.astype("Int64").reindex([0, 1, 5]).dtype == "Int64"
assert pd.Series([1, None, 3]).mean() == 2
assert round(pd.Series([1, 2, 3, 4]).std(), 4) == 1.291
assert round(float(np.std([1, 2, 3, 4])), 4) == 1.118
