#!/usr/bin/env python3
"""Whole Splink job on one dataset, with stage times, peak memory, candidate pairs, accuracy.
Needs: pip install splink==5.0.0 duckdb==2.0.0 pandas pyarrow (in a virtual environment).

usage: splink_bench.py DATASET [--profile expert|wide] [--threads N] [--json OUT] [--save-model F] [--load-model F]
DATASET: febrl4 febrl3 fake_1000 historical_50k, or cn… (a folder made by gen_people.py, under --dir)
"""
import time; T00 = time.perf_counter()
import argparse, json, os, resource, sys, logging, warnings
warnings.filterwarnings("ignore")
ap = argparse.ArgumentParser()
ap.add_argument("dataset"); ap.add_argument("--profile", default="expert")
ap.add_argument("--threads", type=int, default=0); ap.add_argument("--json"); ap.add_argument("--save-model"); ap.add_argument("--load-model")
ap.add_argument("--quiet", action="store_true"); ap.add_argument("--no-eval", action="store_true"); ap.add_argument("--dir", default=".")
ap.add_argument("--id-dist", default="lev", help="cn*: lev (tuned: DuckDB levenshtein is 5x its damerau) or dl"); ap.add_argument("--u-pairs", type=float, default=0); ap.add_argument("--seed", type=int, default=1)
ap.add_argument("--predict-threshold", type=float, default=0)
a = ap.parse_args()
import duckdb, splink
import splink.comparison_library as cl, splink.comparison_level_library as cll
from splink import SettingsCreator, Linker, block_on
V5 = int(splink.__version__.split(".")[0]) >= 5
if V5:
    from splink import DuckDBAPI
else:
    from splink import DuckDBAPI
    logging.getLogger("splink").setLevel(logging.WARNING)
logging.getLogger("splink").setLevel(logging.ERROR)
D = a.dir
T = {}; t_import = time.perf_counter()-T00
con = duckdb.connect()
class _R(list):
    def fetchone(self): return self[0]
    def fetchall(self): return self
def X(sql): return _R(con.execute(sql).fetchall())
if a.threads: X(f"set threads={a.threads}")
import tempfile; TMP = tempfile.mkdtemp(); X(f"set temp_directory='{TMP}'")

def febrl_sql(f):
    r = f"read_csv('{f}', all_varchar=true, header=true, delim=',', quote='')"
    cols = [c[0] for c in X(f"describe select * from {r}").fetchall()]
    sel = ", ".join(f"nullif(trim(\"{c}\"),'') as {c.strip()}" for c in cols)
    return f"select *, regexp_extract(rec_id,'^(rec-[0-9]+)',1) as truth from (select {sel} from {r})"

t = time.perf_counter()
u_pairs, thr, cthr = 1e7, 0.2, 0.95
uid, link_type = "unique_id", "dedupe_only"; oneone = False
ds = a.dataset
if ds == "febrl4":
    X(f"create table a as {febrl_sql(D+'/febrl4/dataset4a.csv')}"); X(f"create table b as {febrl_sql(D+'/febrl4/dataset4b.csv')}")
    tabs = ["a", "b"]; uid, link_type, u_pairs, oneone = "rec_id", "link_only", 1e7, True
    blocking = [block_on("given_name", "surname"), "l.given_name = r.surname and l.surname = r.given_name", block_on("date_of_birth"),
                block_on("soc_sec_id"), block_on("state", "address_1"), block_on("street_number", "address_1"), block_on("postcode")]
    comps = [cl.NameComparison("given_name").configure(term_frequency_adjustments=True), cl.NameComparison("surname").configure(term_frequency_adjustments=True),
             cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d", invalid_dates_as_null=True),
             cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]), cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
             cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(term_frequency_adjustments=True)]
    det, rec = [block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")], 0.8
    em = [block_on("date_of_birth"), block_on("postcode")]
elif ds == "febrl3":
    X(f"create table a as {febrl_sql(D+'/febrl3/dataset3.csv')}"); tabs = ["a"]; uid = "rec_id"
    blocking = [block_on("soc_sec_id"), block_on("given_name"), block_on("surname"), block_on("date_of_birth"), block_on("postcode")]
    comps = [cl.NameComparison("given_name"), cl.NameComparison("surname"),
             cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d", invalid_dates_as_null=True),
             cl.DamerauLevenshteinAtThresholds("soc_sec_id", [2]), cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
             cl.ExactMatch("postcode").configure(term_frequency_adjustments=True)]
    det, rec = [block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")], 0.9
    em = [block_on("date_of_birth"), block_on("postcode")]
elif ds == "fake_1000":
    X(f"create table a as select *, cluster as truth from read_csv('{D}/fake_1000/fake_1000.csv', all_varchar=true)"); tabs = ["a"]
    blocking = [block_on("first_name"), block_on("surname"), block_on("dob"), block_on("email"), block_on("city", "substr(dob,1,4)")]
    comps = [cl.NameComparison("first_name"), cl.NameComparison("surname"), cl.DateOfBirthComparison("dob", input_is_string=True),
             cl.ExactMatch("city").configure(term_frequency_adjustments=True), cl.EmailComparison("email")]
    det, rec = [block_on("first_name", "surname", "dob"), block_on("email")], 0.7
    em = [block_on("first_name", "surname"), block_on("dob")]
elif ds == "historical_50k":
    X(f"create table a as select *, cluster as truth, first_name||' '||surname as first_name_surname_concat from '{D}/historical_50k/historical_figures_with_errors_50k.parquet'"); tabs = ["a"]
    blocking = [block_on("substr(first_name,1,3)", "substr(surname,1,4)"), block_on("surname", "dob"), block_on("first_name", "dob"), block_on("postcode_fake", "first_name"),
                block_on("postcode_fake", "surname"), block_on("dob", "birth_place"), block_on("substr(postcode_fake,1,3)", "dob"), block_on("substr(postcode_fake,1,3)", "first_name"),
                block_on("substr(postcode_fake,1,3)", "surname"), block_on("substr(first_name,1,2)", "substr(surname,1,2)", "substr(dob,1,4)")]
    comps = [cl.ForenameSurnameComparison("first_name", "surname", forename_surname_concat_col_name="first_name_surname_concat"), cl.DateOfBirthComparison("dob", input_is_string=True),
             cl.PostcodeComparison("postcode_fake"), cl.ExactMatch("birth_place").configure(term_frequency_adjustments=True), cl.ExactMatch("occupation").configure(term_frequency_adjustments=True)]
    det, rec = [block_on("first_name", "surname", "dob"), block_on("substr(first_name,1,2)", "surname", "substr(postcode_fake,1,2)"), block_on("dob", "postcode_fake")], 0.6
    em = [block_on("first_name", "surname"), block_on("dob")]
elif ds.startswith("cn"):
    d = f"{D}/{ds}"
    X(f"create table a as select record_id as unique_id, person_id as truth, * exclude (record_id, person_id) from '{d}/a_civil_registry.parquet'")
    X(f"create table b as select record_id as unique_id, person_id as truth, * exclude (record_id, person_id) from '{d}/b_social_insurance.parquet'")
    tabs = ["a", "b"]; link_type, oneone, thr = "link_only", True, 0.5
    blocking = [block_on("id_no"), block_on("name_py", "dob"), block_on("name_py", "area_code"), block_on("dob", "area_code"), block_on("phone"), block_on("dob", "substr(name,1,1)")]
    if a.profile == "wide":     # dob alone + full pinyin name alone: ~30 M candidate pairs at 1 M rows
        blocking = [block_on("id_no"), block_on("phone"), block_on("dob"), block_on("name_py"), block_on("substr(id_no,1,14)")]
    IDF = {"lev": "levenshtein", "dl": "damerau_levenshtein"}[a.id_dist]
    # NB DuckDB's jaro_winkler/levenshtein work on BYTES: one Chinese character = 3 bytes
    comps = [
        cl.CustomComparison(output_column_name="id_no", comparison_levels=[
            cll.CustomLevel(f"{IDF}(id_no_l, id_no_r) = -100 or id_no_l is null or id_no_r is null", label_for_charts="null").configure(is_null_level=True),
            cll.ExactMatchLevel("id_no"), cll.CustomLevel(f"{IDF}(id_no_l, id_no_r) <= 1"), cll.CustomLevel(f"{IDF}(id_no_l, id_no_r) <= 2"), cll.ElseLevel()]),
        cl.CustomComparison(output_column_name="name", comparison_levels=[
            cll.NullLevel("name"), cll.ExactMatchLevel("name", term_frequency_adjustments=True), cll.ExactMatchLevel("name_py"),
            cll.JaroWinklerLevel("name", 0.8), cll.JaroWinklerLevel("name_py", 0.88), cll.ElseLevel()]),
        cl.CustomComparison(output_column_name="dob", comparison_levels=[
            cll.NullLevel("dob"), cll.ExactMatchLevel("dob"), cll.LevenshteinLevel("dob", 1) if a.id_dist == "lev" else cll.DamerauLevenshteinLevel("dob", 1),
            cll.CustomLevel("substr(dob_l,1,4)=substr(dob_r,1,4) or substr(dob_l,6,5)=substr(dob_r,6,5)", label_for_charts="same year or same month-day"), cll.ElseLevel()]),
        cl.CustomComparison(output_column_name="area_code", comparison_levels=[
            cll.NullLevel("area_code"), cll.ExactMatchLevel("area_code"),
            cll.CustomLevel("substr(area_code_l,1,9)=substr(area_code_r,1,9)", label_for_charts="same town"),
            cll.CustomLevel("substr(area_code_l,1,6)=substr(area_code_r,1,6)", label_for_charts="same county"), cll.ElseLevel()]),
        cl.ExactMatch("phone"), cl.ExactMatch("sex")]
    det, rec = [block_on("id_no"), block_on("name_py", "dob", "area_code")], 0.95
    em = [block_on("id_no"), block_on("name_py", "dob")]
else: sys.exit("unknown dataset")
if a.u_pairs: u_pairs = a.u_pairs
if a.predict_threshold: thr = a.predict_threshold
settings = SettingsCreator(link_type=link_type, unique_id_column_name=uid, blocking_rules_to_generate_predictions=blocking, comparisons=comps, retain_matching_columns=False,
                           retain_intermediate_calculation_columns=False, additional_columns_to_retain=["truth"])
sett = a.load_model or settings
if V5:
    api = DuckDBAPI(connection=con); sdfs = [api.register(t_, dataset_display_name="ds_"+t_) for t_ in tabs]
    linker = Linker(sdfs if len(sdfs) > 1 else sdfs[0], sett)
else:
    linker = Linker(tabs if len(tabs) > 1 else tabs[0], sett, DuckDBAPI(connection=con), input_table_aliases=["ds_"+t_ for t_ in tabs])
n_rows = sum(X(f"select count(*) from {x}").fetchone()[0] for x in tabs)
T["load"] = time.perf_counter()-t
if not a.load_model:
    t = time.perf_counter(); linker.training.estimate_probability_two_random_records_match(det, recall=rec); T["train_prior"] = time.perf_counter()-t
    t = time.perf_counter(); linker.training.estimate_u_using_random_sampling(max_pairs=u_pairs, seed=a.seed); T["train_u"] = time.perf_counter()-t
    t = time.perf_counter()
    for r in em: linker.training.estimate_parameters_using_expectation_maximisation(r, estimate_without_term_frequencies=True)
    T["train_em"] = time.perf_counter()-t
if a.save_model: linker.misc.save_model_to_json(a.save_model, overwrite=True)
npairs = None
if V5:
    t = time.perf_counter(); bp = linker.inference.compute_blocked_pairs_for_predict(); T["block"] = time.perf_counter()-t
t = time.perf_counter(); pred = linker.inference.predict(threshold_match_probability=thr); T["score" if V5 else "predict(block+score)"] = time.perf_counter()-t
t = time.perf_counter(); clus = linker.clustering.cluster_pairwise_predictions_at_threshold(pred, threshold_match_probability=cthr); T["cluster_cc"] = time.perf_counter()-t
if oneone:
    t = time.perf_counter(); clus1 = linker.clustering.cluster_using_single_best_links(pred, duplicate_free_datasets=["ds_a", "ds_b"], threshold_match_probability=cthr); T["cluster_1to1"] = time.perf_counter()-t
t = time.perf_counter()
X(f"copy (select * from {clus.physical_name}) to '{TMP}/clusters.parquet'")
X(f"copy (select * from {pred.physical_name}) to '{TMP}/pairs.parquet'")
T["export"] = time.perf_counter()-t
wall = time.perf_counter()-T00
rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss/1024; cpu = resource.getrusage(resource.RUSAGE_SELF); cpu_s = cpu.ru_utime+cpu.ru_stime
R = dict(dataset=ds, profile=a.profile+("/"+a.id_dist if ds.startswith("cn") else ""), u_pairs=u_pairs, load=os.getloadavg(), splink=splink.__version__, duckdb=duckdb.__version__, rows=n_rows, threads=a.threads or os.cpu_count(), import_s=round(t_import, 2), stages={k: round(v, 2) for k, v in T.items()},
         train=round(sum(v for k, v in T.items() if k.startswith("train")), 2), predict=round(sum(T.get(k, 0) for k in ("block", "score", "predict(block+score)")), 2),
         wall=round(wall, 2), cpu_s=round(cpu_s, 1), peak_rss_mib=round(rss))
if V5:
    R["candidate_pairs"] = X(f"select count(*) from {bp.physical_name}").fetchone()[0]
    R["pairs_per_s_score"] = round(R["candidate_pairs"]/T["score"]); R["pairs_per_s_block+score"] = round(R["candidate_pairs"]/(T["score"]+T["block"])); R["pairs_per_s_whole_job"] = round(R["candidate_pairs"]/wall)
def prf(tp, fp, total): p = tp/(tp+fp) if tp+fp else 0; r = tp/total; return dict(p=round(p, 5), r=round(r, 5), f1=round(2*p*r/(p+r), 5) if p+r else 0, tp=tp, fp=fp, fn=total-tp)
if not a.no_eval:
    if link_type == "link_only": total = X("select count(*) from a join b using(truth)").fetchone()[0]
    else: total = X("select sum(n*(n-1)//2)::bigint from (select count(*) n from a group by truth)").fetchone()[0]
    R["true_pairs"] = total
    if V5:
        ids = ", ".join(c for c in bp.columns_escaped) if hasattr(bp, "columns_escaped") else "*"
        R["blocked_columns"] = [c[0] for c in X(f"describe select * from {bp.physical_name}").fetchall()]
        allt = " union all ".join(f"select 'ds_{x}-__-'||{uid} k, truth from {x}" if len(tabs) > 1 else f"select {uid} k, truth from {x}" for x in tabs)
        hit = X(f"with n as ({allt}) select count(*) from {bp.physical_name} p join n x on x.k=p.join_key_l join n y on y.k=p.join_key_r where x.truth=y.truth").fetchone()[0]
        R["blocking_recall"] = round(hit/total, 5)
    R["pairs"] = {}
    for th in (thr, .5, .9, .95, .99):
        if th < thr: continue
        tp, fp = X(f"select coalesce(sum((truth_l=truth_r)::int),0), coalesce(sum((truth_l<>truth_r)::int),0) from {pred.physical_name} where match_probability>={th}").fetchone()
        R["pairs"][th] = prf(int(tp), int(fp), total)
    def ceval(tab):
        c = X(f"describe select * from {tab}").fetchall(); c = [x[0] for x in c]
        if link_type == "link_only":
            q = lambda g: f"select sum(na*nb)::bigint from (select count(*) filter (source_dataset='ds_a') na, count(*) filter (source_dataset='ds_b') nb from {tab} group by {g})"
        else:
            q = lambda g: f"select sum(n*(n-1)//2)::bigint from (select count(*) n from {tab} group by {g})"
        tp = X(q("cluster_id, truth")).fetchone()[0]; al = X(q("cluster_id")).fetchone()[0]
        ex = X(f"with c as (select cluster_id, count(*) n, count(distinct truth) nt, min(truth) t from {tab} group by 1), g as (select truth, count(*) n from {tab} group by 1) "
                     f"select (select count(*) from c join g on g.truth=c.t where nt=1 and g.n=c.n), (select count(*) from c), (select count(*) from g)").fetchone()
        r = prf(tp, al-tp, total); p, rr = ex[0]/ex[1], ex[0]/ex[2]
        r.update(clusters=ex[1], true_clusters=ex[2], exact_cluster_p=round(p, 5), exact_cluster_r=round(rr, 5), exact_cluster_f1=round(2*p*rr/(p+rr), 5)); return r
    R["cluster_cc"] = ceval(clus.physical_name)
    if oneone: R["cluster_1to1"] = ceval(clus1.physical_name)
print(json.dumps(R, indent=None if a.quiet else 1, ensure_ascii=False))
if a.json:
    with open(a.json, "a") as f: f.write(json.dumps(R, ensure_ascii=False)+"\n")
