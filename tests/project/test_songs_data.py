"""The made-up songs are what their data card says: columns, traps, smallest error."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data import make_songs

FOLDER = Path(make_songs.__file__).parent
CARD = (FOLDER / "README.md").read_text("utf-8")
SONG = ["name", "artist"]


@pytest.fixture(scope="module")
def songs():
    return pd.read_csv(FOLDER / "songs.csv", dtype={"release_date": str})


@pytest.fixture(scope="module")
def distinct(songs):
    """Each song once, with all that its popularity and energy depend on."""
    kept = songs.drop_duplicates(SONG).dropna(subset=["tempo"])
    return kept.assign(year=kept["release_date"].str[:4].astype(int))


def rows_of_trap(text: str) -> int:
    (line,) = [line for line in CARD.splitlines() if line.startswith(f"| {text}")]
    return int(line.split("|")[2])


def test_the_generator_writes_the_committed_file_again(tmp_path):
    make_songs.write(tmp_path / "again.csv")
    committed = (FOLDER / "songs.csv").read_bytes()
    assert (tmp_path / "again.csv").read_bytes() == committed
    assert len(committed) < 700_000


def test_the_card_describes_every_column(songs):
    assert list(songs.columns) == make_songs.COLUMNS
    for column in songs:
        assert f"`{column}`" in CARD


def test_the_card_states_the_ranges(songs):
    for column in songs.select_dtypes("number"):
        row = next(r for r in CARD.splitlines() if r.startswith(f"| `{column}` |"))
        stated = row.split("|")[3].replace(",", "").replace("−", "-")
        numbers = [float(number) for number in re.findall(r"-?\d+\.?\d*", stated)]
        assert (numbers[0], numbers[-1]) == (songs[column].min(), songs[column].max())


def test_dates_of_three_forms_are_planted_and_the_short_ones_are_old(songs):
    lengths = songs["release_date"].str.len()
    assert set(lengths) == {4, 7, 10}
    assert (lengths == 4).sum() == rows_of_trap("`release_date` holds the year alone")
    assert (lengths == 7).sum() == rows_of_trap("`release_date` holds year and month")
    alone = songs.loc[lengths == 4, "release_date"].astype(int)
    assert (alone < 1970).mean() > 0.7


def test_reissues_and_repeated_rows_are_planted(songs):
    repeated = songs.duplicated()
    assert repeated.sum() == rows_of_trap("rows that are there twice")
    releases = songs[~repeated]
    assert releases["id"].is_unique
    assert releases.duplicated(SONG).sum() == rows_of_trap("reissues")
    twice = releases[releases.duplicated(SONG, keep=False)].groupby(SONG)
    assert (twice["loudness"].nunique() == 1).all()
    assert (twice["id"].nunique() == 2).all()
    assert (twice["popularity"].agg(np.ptp) <= 3).all()


def test_values_are_missing_in_a_needed_and_in_a_needless_column(songs):
    missing = songs.isna().sum()
    assert missing[missing > 0].to_dict() == {
        "album": rows_of_trap("`album` missing"),
        "tempo": rows_of_trap("`tempo` missing"),
    }


def test_the_smallest_possible_errors_are_as_stated(distinct):
    stated = {
        "popularity": (356.4, 0.235, 465.7),
        "energy": (0.009167, 0.921, 0.11611),
    }
    best = {
        "popularity": make_songs.expected_popularity(distinct),
        "energy": make_songs.energy_part(distinct),
    }
    for target, (mse, r2, variance) in stated.items():
        found = ((distinct[target] - best[target]) ** 2).mean()
        spread = distinct[target].var(ddof=0)
        assert found == pytest.approx(mse, rel=2e-4)
        assert spread == pytest.approx(variance, rel=2e-4)
        assert 1 - found / spread == pytest.approx(r2, abs=6e-4)
        assert f"| {mse}" in CARD
        assert f"| {r2} | {variance} |" in CARD


def test_no_linear_correction_improves_the_best_prediction(distinct):
    columns = ["year", "danceability", "instrumentalness", "valence", "tempo"]
    inputs = distinct[[*columns, "loudness", "acousticness", "energy"]].to_numpy()
    error = distinct["popularity"] - make_songs.expected_popularity(distinct)
    for values in inputs.T:
        assert abs(np.corrcoef(values, error)[0, 1]) < 0.04


def test_forgotten_songs_are_the_stated_share(distinct):
    share = (distinct["popularity"] == 0).mean()
    assert share == pytest.approx(make_songs.FORGOTTEN, abs=0.01)


def test_energy_follows_loudness_and_acousticness_but_not_exactly(distinct):
    inputs = np.column_stack(
        [distinct["loudness"], distinct["acousticness"], np.ones(len(distinct))]
    )
    energy = distinct["energy"].to_numpy()
    _, (residual,), *_ = np.linalg.lstsq(inputs, energy)
    assert 1 - residual / (len(energy) * energy.var()) == pytest.approx(0.89, abs=5e-3)
