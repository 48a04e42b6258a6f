"""Called by scripts/forest-check: compares scikit-learn's random forest with the guesses that a file has."""

import csv
import math
import sys

import numpy
from sklearn import __version__ as version
from sklearn.ensemble import RandomForestClassifier

TREES = 100
SEEDS = (1, 2, 3)
Z = 1.959963984540054


def wilson(share, trials):
    """Wilson's 95 % interval of a share."""
    z2 = Z * Z / trials
    middle = (share + z2 / 2) / (1 + z2)
    half = Z / (1 + z2) * math.sqrt(share * (1 - share) / trials + z2 / (4 * trials))
    return middle - half, middle + half


def read(name):
    """The file's rows by part: features, labels, guesses."""
    parts = {"training": ([], [], []), "test": ([], [], [])}
    with open(name, newline="", encoding="ascii") as file:
        lines = csv.reader(file)
        if next(lines, [])[:3] != ["part", "label", "guess"]:
            raise ValueError("the first line is not of this form")
        for line in lines:
            features, labels, guesses = parts[line[0]]
            features.append([float(number) for number in line[3:]])
            labels.append(int(line[1]))
            guesses.append(int(line[2]))
    return {part: tuple(numpy.array(column) for column in columns) for part, columns in parts.items()}


def main():
    try:
        parts = read(sys.argv[1])
        features, labels, _ = parts["training"]
        test, right, ours = parts["test"]
        if not len(features) or not len(test):
            raise ValueError("it has no training flows or no test flows")
    except (KeyError, IndexError, ValueError, UnicodeDecodeError) as wrong:
        print(f"scripts/forest-check: {sys.argv[1]}: {wrong}", file=sys.stderr)
        return 2
    theirs = []
    for seed in SEEDS:
        forest = RandomForestClassifier(n_estimators=TREES, max_features="sqrt", random_state=seed)
        theirs.append(numpy.mean(forest.fit(features, labels).predict(test) == right))
    count = len(right)
    shares = {"ours (Tribuo)": float(numpy.mean(ours == right)), f"scikit-learn {version}": float(numpy.mean(theirs))}
    print(f"{len(set(labels.tolist()))} sites, {len(labels)} training flows, {count} test flows")
    for name, share in shares.items():
        low, high = wilson(share, count)
        print(f"{name}: accuracy {share:.4f}, 95 % interval {low:.4f} to {high:.4f}")
    one, other = shares.values()
    agree = all(low <= share <= high for share, (low, high) in
                ((one, wilson(other, count)), (other, wilson(one, count))))
    print("they agree within intervals" if agree else "they do NOT agree within intervals")
    return 0 if agree else 1


if __name__ == "__main__":
    sys.exit(main())
