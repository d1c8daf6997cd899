"""Make up songs.csv: songs that nobody sang, with the columns of a Spotify file.

Run `python data/make_songs.py` to write the file again, byte for byte. The parts of
`popularity` and `energy` that can be predicted are the functions `popularity_part` and
`energy_part`, so the smallest possible error of a model is known; README.md states it.
"""

from pathlib import Path

import numpy as np
import pandas as pd

FILE = Path(__file__).with_name("songs.csv")
SEED = 1925
SONGS = 4600
REISSUES = 360
REPEATED_ROWS = 40
NO_ALBUM, NO_TEMPO = 150, 60

FORGOTTEN = 0.13
"""Share of songs that nobody plays any more: their popularity is 0."""
SPREAD = 9
"""Half-width of the noise in the popularity of the other songs."""

# Medians by mood, in the order of MOODS; the spread around them is the same for all.
MOODS = ["Calm", "Energetic", "Happy", "Sad"]
SHARES = [0.28, 0.23, 0.21, 0.28]
LOUDNESS = [-20.0, -5.0, -7.0, -10.5]
ACOUSTIC = [2.3, -3.6, -2.2, 0.3]
INSTRUMENTAL = [2.0, -3.5, -3.0, -2.3]
VALENCE = [-1.8, -0.3, 0.4, -1.0]
DANCEABILITY = [0.41, 0.50, 0.62, 0.50]
TEMPO = [109.0, 132.0, 124.0, 116.0]


def words(text: str) -> list[str]:
    """Return the words of a text."""
    return text.split()


FIRST = words(
    "Amber Brittle Copper Distant Early Folded Gentle Hollow Indigo Jagged Kindled "
    "Lantern Marble Narrow Orchard Paper Quiet Rusted Saltwater Tidal Uneven Velvet "
    "Woollen Yonder Zigzag Borrowed Crooked Drifting Electric Fading Granite Harvest"
)
LAST = words(
    "Almanac Bicycle Compass Doorway Engine Ferry Garden Hallway Island Junction Kite "
    "Ladder Mirror Notebook Oven Pocket Quarry Railing Staircase Thimble Umbrella "
    "Valve Window Yarn Anchor Bridge Candle Drawer Elevator Feather Glacier Hinge"
)
SYLLABLES = words(
    "ba do fen gri hul jo ka lem mir no pra quo rus sel tav ul vex wy yor zam"
)


def make_songs() -> pd.DataFrame:
    """Return the table, one row a release of a song."""
    # RandomState, because its stream of numbers is promised never to change.
    rng = np.random.RandomState(SEED)
    songs = sound(SONGS, rng)
    songs = songs.assign(**names(SONGS, rng), year=years(SONGS, rng))
    songs["explicit"] = (
        (rng.random_sample(SONGS) < 0.25)
        & (songs["year"] > 1988)
        & (songs["mode"] == 0)
    ).astype(int)
    songs["popularity"] = popularity(songs, rng)
    songs = pd.concat([songs, reissues(songs, rng)], ignore_index=True)
    songs["id"] = [f"{number:07x}" for number in rng.permutation(16**6)[: len(songs)]]
    songs["release_date"] = release_dates(songs["year"].to_numpy(), rng)
    songs.loc[rng.permutation(SONGS)[:NO_TEMPO], "tempo"] = np.nan
    songs.loc[rng.permutation(SONGS)[:NO_ALBUM], "album"] = np.nan
    repeated = songs.dropna().iloc[rng.permutation(SONGS - 300)[:REPEATED_ROWS]]
    songs = pd.concat([songs, repeated], ignore_index=True)
    return songs.iloc[rng.permutation(len(songs))].reset_index(drop=True)[COLUMNS]


COLUMNS = words(
    "name album artist id release_date popularity length danceability acousticness "
    "energy instrumentalness liveness valence loudness speechiness tempo key "
    "time_signature mood mode explicit"
)


def sound(n: int, rng: np.random.RandomState) -> pd.DataFrame:
    """Return what can be heard of n songs, rounded as in the file."""
    mood = rng.choice(len(MOODS), size=n, p=SHARES)
    drive = rng.standard_normal(n)  # how hard a song is played, for its mood
    lively = 0.06 * (np.array(LOUDNESS)[mood] + 11)

    def by_mood(medians: list[float]) -> np.ndarray:
        return np.array(medians)[mood]

    def noise(scale: float) -> np.ndarray:
        return scale * rng.standard_normal(n)

    def heavy_tail(shift: np.ndarray) -> np.ndarray:
        return np.exp(shift + noise(0.75))

    acoustic = squash(by_mood(ACOUSTIC) - 0.9 * drive + noise(1.2))
    loudness = by_mood(LOUDNESS) + 2.0 * drive + noise(3.0)
    instrumental = squash(by_mood(INSTRUMENTAL) + noise(2.2))
    dance = by_mood(DANCEABILITY) + noise(0.13)
    songs = pd.DataFrame(
        {
            "mood": np.array(MOODS)[mood],
            "length": (215_000 * np.exp(noise(0.28))).astype(int).clip(62_000, 780_000),
            "danceability": dance.clip(0.06, 0.97).round(3),
            "acousticness": (0.996 * acoustic).round(3),
            "instrumentalness": np.where(instrumental < 0.05, 0, instrumental).round(3),
            "liveness": (0.05 + 0.075 * heavy_tail(lively)).clip(0.03, 0.98).round(3),
            "valence": squash(by_mood(VALENCE) + 3 * (dance - 0.5) + noise(0.8)).round(
                3
            ),
            "loudness": loudness.clip(-42, 1.3).round(2),
            "speechiness": (0.024 + 0.02 * heavy_tail(lively)).clip(0, 0.6).round(3),
            "tempo": (by_mood(TEMPO) + noise(26)).clip(48, 218).round(1),
            "key": rng.randint(0, 12, size=n),
            "time_signature": rng.choice(
                [1, 3, 4, 5], size=n, p=[0.02, 0.1, 0.86, 0.02]
            ),
            "mode": (rng.random_sample(n) < 0.64).astype(int),
        }
    )
    part = energy_part(songs)
    room = np.minimum(0.22, np.minimum(part - 0.001, 0.999 - part))
    energy = part + room * rng.uniform(-1, 1, size=n)
    return songs.assign(energy=energy.round(3))


def energy_part(songs: pd.DataFrame) -> pd.Series:
    """Return the expected energy: loudness and acousticness, and a little tempo.

    The energy itself is spread evenly around it, by at most 0.22 and never beyond
    0.001 and 0.999.
    """
    z = 2.9 + 0.19 * songs["loudness"] - 2.0 * songs["acousticness"]
    return 0.01 + 0.98 * squash(z + 0.008 * (songs["tempo"] - 120))


def popularity_part(songs: pd.DataFrame) -> pd.Series:
    """Return the expected popularity of songs that are not forgotten, 25 to 88.

    Newer and more danceable songs are more popular, instrumental ones less; a tempo
    near 120 beats a minute helps, and loudness helps up to a point. `songs` needs a
    column `year`.
    """
    year = 13 * np.tanh((songs["year"] - 1985) / 18)
    dance = 14 * (songs["danceability"] - 0.5)
    voice = -9 * songs["instrumentalness"] * (1 - songs["valence"])
    pulse = 11 * np.exp(-(((songs["tempo"] - 120) / 22) ** 2))
    loud = -0.02 * (songs["loudness"] + 6) ** 2
    return (47 + year + dance + voice + pulse + loud).clip(25, 88)


def expected_popularity(songs: pd.DataFrame) -> pd.Series:
    """Return the best prediction of popularity: no model has a smaller MSE."""
    return (1 - FORGOTTEN) * popularity_part(songs)


def popularity(songs: pd.DataFrame, rng: np.random.RandomState) -> np.ndarray:
    """Return popularity as in the file: whole numbers, some of them 0."""
    noise = SPREAD * rng.uniform(-1, 1, size=len(songs))
    heard = rng.random_sample(len(songs)) >= FORGOTTEN
    return np.where(heard, np.rint(popularity_part(songs) + noise), 0).astype(int)


def reissues(songs: pd.DataFrame, rng: np.random.RandomState) -> pd.DataFrame:
    """Return songs once more: same sound, other album and date, popularity alike."""
    again = songs.iloc[rng.permutation(len(songs))[:REISSUES]].copy()
    again["album"] = "Best of " + again["artist"]
    again["year"] = (again["year"] + rng.randint(1, 12, size=REISSUES)).clip(upper=2021)
    near = again["popularity"] + rng.randint(-3, 4, size=REISSUES)
    again["popularity"] = near.where(again["popularity"] > 0, 0).clip(lower=0)
    return again


def names(n: int, rng: np.random.RandomState) -> dict[str, list[str]]:
    """Return made-up titles, albums and artists; no artist has a title twice."""
    pool = [
        "".join(SYLLABLES[i] for i in rng.randint(0, len(SYLLABLES), size=3)).title()
        for _ in range(700)
    ]
    artist = [pool[i] for i in rng.randint(0, len(pool), size=n)]
    numbers = rng.permutation(len(FIRST) * len(LAST) * 5)[:n]
    title = [
        f"{FIRST[i % len(FIRST)]} {LAST[i // len(FIRST) % len(LAST)]}" for i in numbers
    ]
    taken: dict[tuple[str, str], int] = {}
    for i, pair in enumerate(zip(title, artist, strict=True)):
        taken[pair] = taken.get(pair, 0) + 1
        title[i] += f" {taken[pair]}" if taken[pair] > 1 else ""
    single = rng.random_sample(n) < 0.5
    album = [t.split()[-1] if s else t for t, s in zip(title, single, strict=True)]
    return {"name": title, "album": album, "artist": artist}


def years(n: int, rng: np.random.RandomState) -> np.ndarray:
    """Return years from 1925 to 2021, half of them after 2000."""
    return 2021 - (97 * rng.random_sample(n) ** 2.2).astype(int)


def release_dates(year: np.ndarray, rng: np.random.RandomState) -> list[str]:
    """Return dates as files have them: whole, year and month, or the year alone."""
    month = rng.randint(1, 13, size=len(year))
    day = rng.randint(1, 29, size=len(year))
    draw = rng.random_sample(len(year))
    year_only = draw < np.where(year < 1970, 0.45, 0.05)
    month_only = ~year_only & (draw > 0.98)
    return [
        f"{y}" if short else f"{y}-{m:02}" if no_day else f"{y}-{m:02}-{d:02}"
        for y, m, d, short, no_day in zip(
            year, month, day, year_only, month_only, strict=True
        )
    ]


def squash(z: np.ndarray) -> np.ndarray:
    """Return the sigmoid of z."""
    return 1 / (1 + np.exp(-z))


def write(file: Path = FILE) -> None:
    """Write the file."""
    make_songs().to_csv(file, index=False, lineterminator="\n", encoding="utf-8")


if __name__ == "__main__":
    write()
