"""What pandas and polars read from points.csv and points.parquet is what stands in points.csv, to the bit.

compare.py STUDY FOLDER: the study file and the folder it was gathered in. Python's own csv reader and float() say what is right.
"""

import csv
import hashlib
import struct
import sys
import tomllib
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow.parquet as pq

FILE, FOLDER = Path(sys.argv[1]), Path(sys.argv[2])
STUDY = tomllib.loads(FILE.read_text(encoding="utf-8"))
CSV, PARQUET = FOLDER / "points.csv", FOLDER / "points.parquet"
WHOLE = ("point", "repeat", "seed", "failed")
TEXT = ("title", "reason")
NUMBER = ("kdeg", "kappa", *STUDY["outputs"])
NAMES = ["point", "repeat", "seed", *STUDY["vary"], *STUDY["outputs"], "failed", "reason"]
UNITS = {"kdeg": "1/h", "kappa": "1", "fall": "%", "back": "d"}

checked = 0


def check(right, what):
    global checked
    checked += 1
    if not right:
        sys.exit(f"FAILED: {what}")


def expected():
    """Columns as they stand in points.csv: a missing cell is None."""
    with CSV.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    check(rows[0] == NAMES, f"columns are {NAMES}, not {rows[0]}")
    kind = lambda name: int if name in WHOLE else str if name in TEXT else float
    cell = lambda name, text: None if text == "" else kind(name)(text)
    return {name: [cell(name, row[n]) for row in rows[1:]] for n, name in enumerate(NAMES)}


def bits(value):
    """What makes two cells the same: for a double its 64 bits."""
    return struct.pack("<d", value) if isinstance(value, float) else value


def same(found, wanted, who):
    for name, cells in wanted.items():
        check(len(found[name]) == len(cells), f"{who}: {name} has {len(found[name])} rows, not {len(cells)}")
        for row, (got, right) in enumerate(zip(found[name], cells)):
            check(type(got) is type(right) and bits(got) == bits(right),
                  f"{who}: {name} in row {row} is {got!r}, not {right!r}")


def of_pandas(frame):
    """Python's own values; missing is None."""
    return {name: [None if pd.isna(cell) else cell for cell in frame[name].tolist()] for name in frame.columns}


def with_pandas(wanted):
    table = pd.read_parquet(PARQUET)
    same(of_pandas(table), wanted, "pandas, Parquet")
    for name in WHOLE:
        check(table[name].dtype == "uint64", f"pandas, Parquet: {name} is {table[name].dtype}, not uint64")
    for name in NUMBER:
        check(table[name].dtype == "float64", f"pandas, Parquet: {name} is {table[name].dtype}, not float64")
    for name in TEXT:
        check(pd.api.types.is_string_dtype(table[name].dropna()), f"pandas, Parquet: {name} is no text")
    # As the guide says: only an empty cell is missing.
    text = pd.read_csv(CSV, keep_default_na=False, na_values=[""])
    same(of_pandas(text), wanted, "pandas, CSV")
    check((text.loc[text["reason"].notna(), list(STUDY["outputs"])].isna()).all(axis=None),
          "pandas: a point with a reason has no number")


def with_polars(wanted):
    table = pl.read_parquet(PARQUET)
    same(table.to_dict(as_series=False), wanted, "polars, Parquet")
    types = {name: pl.UInt64 for name in WHOLE} | {name: pl.Float64 for name in NUMBER} | {name: pl.String for name in TEXT}
    check(dict(table.schema) == types, f"polars, Parquet: types are {table.schema}")
    # What a file's first rows look like says nothing of the others: the types are given.
    text = pl.read_csv(CSV, schema_overrides=types)
    same(text.to_dict(as_series=False), wanted, "polars, CSV")
    lazy = pl.scan_parquet(PARQUET).filter(pl.col("reason").is_null()).select("fall").collect()
    check(lazy["fall"].null_count() == 0, "polars: a point without a reason has its number")


def metadata(digest):
    found = {key.decode(): value.decode() for key, value in pq.read_schema(PARQUET).metadata.items()}
    check(found["study"] == FILE.read_text(encoding="utf-8"), "the study in the metadata is the file")
    check(tomllib.loads(found["scenario"])["title"] == "Down-regulation and recovery of receptor number",
          "the scenario in the metadata is the preset")
    check("Illustrative" in found["label"], "the label says what this is")
    check(found["version"][0].isdigit() and int(found["numerics"]) >= 3, "version and numerics are there")
    check({key[5:]: value for key, value in found.items() if key.startswith("unit:")} == UNITS, "units are those of the columns")
    for name, output in STUDY["outputs"].items():
        doc = output.get("doc") if isinstance(output, dict) else None
        check(found.get(f"doc:{name}") == doc, f"doc of {name} is that of the study")
    check(all(f"doc:{name}" in found for name in (*WHOLE, *TEXT, "kdeg", "kappa")), "own columns and factors have docs")
    check(digest == hashlib.sha256(CSV.read_bytes()).hexdigest(), "the digest is that of points.csv")


def main():
    wanted = expected()
    # Else the table would not show what is to be shown.
    check(any(seed > 2**53 for seed in wanted["seed"]), "a seed is beyond what a double can hold")
    check(None in wanted["back"] and any(wanted["back"]), "an output is missing in places")
    check("all agents failed" in wanted["reason"] and None in wanted["reason"], "some points have a reason, some none")
    check(0.0 in wanted["none"], "a number that is 0 is not missing")
    check({"NA", "None"} <= set(wanted["title"]), "texts look like what readers take for missing")
    with_pandas(wanted)
    with_polars(wanted)
    gathered = (FOLDER / "gathered.txt").read_text(encoding="utf-8").splitlines()
    metadata(gathered[-1].removeprefix("digest "))
    print(f"pandas {pd.__version__} and polars {pl.__version__} read {len(wanted['point'])} rows as they are: {checked} checks")


main()
