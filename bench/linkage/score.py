#!/usr/bin/env python3
"""Holds what `fuzhi link` wrote against the truth of gen_people.py: score.py DATA OUT
Needs pandas and pyarrow. Prints one line of JSON: pairs at the threshold, one-to-one clusters, recall of all pairs kept."""
import json, sys
import pandas as pd

data, out = sys.argv[1:3]
truth = {}
for source, name in (("a", "a_civil_registry"), ("b", "b_social_insurance")):
    rows = pd.read_parquet(f"{data}/{name}.parquet", columns=["record_id", "person_id"])
    truth[source] = rows.set_index("record_id").person_id
true = int(truth["b"].isin(truth["a"]).sum())


def measure(right, said):
    precision, recall = right / max(said, 1), right / true
    return dict(precision=round(precision, 5), recall=round(recall, 5), f1=round(2 * right / (said + true), 5))


pairs = pd.read_parquet(f"{out}/pairs.parquet", columns=["left_id", "right_id", "probability"])
same = truth["a"].reindex(pairs.left_id).values == truth["b"].reindex(pairs.right_id).values
linked = pairs.probability >= 0.95
clusters = pd.read_parquet(f"{out}/clusters.parquet")
a, b = (clusters[clusters.source == source].set_index("cluster").id for source in ("a", "b"))
one = a.to_frame("a").join(b.to_frame("b"), how="inner")
matched = int((truth["a"].reindex(one.a).values == truth["b"].reindex(one.b).values).sum())
print(json.dumps(dict(
    true_pairs=true,
    recall_of_all_kept=round(float(same.sum()) / true, 5),
    pairs=measure(int((same & linked).sum()), int(linked.sum())),
    one_to_one=measure(matched, len(one)),
)))
