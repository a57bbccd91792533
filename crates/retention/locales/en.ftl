retention-menu = Retention
retention-title = Retention
retention-lead = What is over its time goes every night, by these rules. Nothing goes of a family with an open case, an appeal, a clue or help. The audit trail stays.
retention-example = These rules are an example.
retention-example-why = What speaks of families is counted and not removed until the county has written rules of its own and says that they are adopted.
retention-rules = Rules in force
retention-count = Count what is over its time now
retention-what = What
retention-keep = Kept
retention-days = { $n_is ->
    [one] one day
   *[other] { $n } days
}
retention-over = Over its time
retention-count-over = { $n }
retention-not-removed = counted only
retention-basis = Legal basis
retention-gone = What went
retention-gone-none = Nothing has gone yet.
retention-when = When
retention-how-many = How many
retention-by = { $a } ({ $n } days)
audit-did-retention_removed = removed what was over its time
audit-kind-retention = retention rule
