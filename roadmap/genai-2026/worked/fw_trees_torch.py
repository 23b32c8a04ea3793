# needs: sklearn
"""Checks with scikit-learn that a single tree memorises, a forest does better, and its out-of-bag score is honest."""

from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from sklearn.tree import DecisionTreeClassifier

X, y = load_breast_cancer(return_X_y=True)
Xa, Xb, ya, yb = train_test_split(X, y, random_state=0, stratify=y)
tree = DecisionTreeClassifier(random_state=0).fit(Xa, ya)
forest = RandomForestClassifier(200, oob_score=True, random_state=0).fit(Xa, ya)
assert tree.score(Xa, ya) == 1.0 > tree.score(Xb, yb)  # memorised the training part
assert forest.score(Xb, yb) > tree.score(Xb, yb)
assert abs(forest.oob_score_ - forest.score(Xb, yb)) < 0.04
