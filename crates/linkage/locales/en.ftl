menu-pairs = Linkage review
pairs-intro = In { $n } places the program isn’t sure. Nothing was merged; somebody should look.
pairs-empty = Nothing to review
pairs-empty-why = What is certain has been linked; what isn’t will appear here.
pair-names = { $a } and { $b }
pair-title = Are these two records the same person?
pair-mask-note = Digits that agree are starred; only what differs shows.
pair-side-by-side = The two records side by side
pair-why-unsure = Why the program isn’t sure
pair-sum = { $weight } in all, which is { $chance } certain. To the right speaks for one person, to the left against.
pair-chart-says = Match weights added up to { $weight }; figures in the table
pair-weights = The weight of each item
pair-start = Start
pair-start-line = two records drawn at random are one person once in about { $a }
pair-total = Total
pair-absent = none
pair-bad-check = Check digit fails
pair-kept-apart = Until somebody has looked, the records stay apart, and nothing of one counts for the other.
why-uncertain = Like one person, not certain
why-shared_id_number = One ID number, two people
why-two_id_numbers = Like one person, two ID numbers
why-uncertain-long = They look like one person, but the evidence isn’t enough.
why-shared_id_number-long = Both records carry one ID number, and look like two people.
why-two_id_numbers-long = All else agrees, but there are two ID numbers.
col-pair = Records
col-why = Why
col-sources = Sources
col-chance = Certainty
col-compared = Compared
col-weight = Weight
field-of-name = Name
field-of-id_number = ID number
field-of-birth = Born
field-of-birth_date = Born
field-of-sex = Sex
field-of-place = Place
field-of-area = Place
field-of-address = Address
field-of-phone = Phone
field-of-ethnicity = Ethnicity
level-missing = missing on one side: counts nothing
level-else = different
level-exact = exactly the same
field-of-household = Housemates
pairs-undo = To look at
pairs-same = One person
pairs-different = Two people
pairs-unsure = Can’t tell
pairs-by-word = By judgement
pairs-begin = Start with the first
pairs-labels = Export judgements
pairs-none-judged = Nobody has judged so yet.
pair-left = { $n_is ->
    [one] { $n } pair waits.
   *[other] { $n } pairs wait.
 }
pair-skip = Skip for now
pair-first = A
pair-second = B
pair-certain = { $a } certain
pair-not-weighed = not weighed
pair-see-model = See what the program has learned
pair-reason = Why, in a sentence (optional)
pair-history = Who has judged
pair-said-same = { $a }: one person
pair-said-different = { $a }: two people
pair-said-unsure = { $a } can’t tell
pair-said-undo = { $a } took the judgement back
pair-said-why = { $what } ({ $why })
pair-done = The last pair. { $a }
pair-clash = At { $at } somebody also judged “{ $what }” without having seen this one. Both are kept; please judge again.
pair-nothing-to-undo = There is no judgement to take back.
model-title = What the program has learned
model-intro = These figures were learned from this county’s data; nobody set them. Nothing of any person is in them.
model-empty = Nothing learned yet
model-empty-why = Once a run is done, it stands here.
model-prior = Two records drawn at random are one person in about one of { $a } cases.
model-weights = How the weights lie
model-weights-about = Each record compared with its person gives a weight: the larger, the more alike. Heights are logarithms; the table has the figures.
model-histogram-says = The weights of all links; figures in the table
model-link-from = taken as one person from
model-ask-from = a human is asked from
model-levels = How much each item says
model-levels-about = Records of one person mostly agree, and those of two people sometimes do. The further apart the two bars, the more an item says.
model-m = One person
model-u = Two people
model-field-says = { $a }: how many of one person’s pairs and of two people’s reach each level; figures in the table
col-links = Records
level-variant = variant or traditional characters
level-pinyin = sounds the same
level-swapped = name order swapped
level-one_character = one character differs
level-one_component = year, month or day differs
level-hidden = one character hidden
level-typos = { $n_is ->
    [one] one digit differs
   *[other] at most { $n } digits differ
 }
level-near = very close
level-coarse = agrees as far as known
level-transposed = neighbours swapped
level-same_year = same year
level-prefix = same township
level-damerau_levenshtein = { $n_is ->
    [one] one digit differs
   *[other] at most { $n } digits differ
 }
level-jaccard = mostly the same
people-title = Records of each person
people-none = No record linked yet
people-none-why = Once the next run is loaded, the records of each person of this family stand here.
people-intro = Which departments’ records speak of one person; where one was taken for another, it shows here.
person-records = { $n_is ->
    [one] { $n } record
   *[other] { $n } records
 }
person-alike = { $n_is ->
    [one] and one more that says the very same
   *[other] and { $n } more that say the very same
 }
person-row = row { $n }
person-title = { $a }: the records of this person
person-more = The first 60 are drawn; { $n } more stand in the table.
person-intro = { $records } records of { $departments } departments are taken for one person.
person-graph-says = { $n } records that differ, and the evidence that ties them; figures in the table
person-tie = { $field }: { $level } ({ $weight })
list-and = ; 
person-nameless = No name
person-source = Delivered by
person-family = See the family
person-merge-open = The same person as somebody else?
person-records-title = These records
person-why = Why they are taken for one person
person-why-about = Each record is tied to the one it is most like; the larger the weight, the surer. A dashed line wouldn’t hold by itself: other records, or people, hold the two together.
person-unmerge = Somebody else’s records among them?
person-unmerge-which = Which are another person’s
person-unmerge-follows = The records go to another person, and the family’s file follows at once; the next run obeys. It can be taken back at any time.
person-unmerge-do = Make two people of it
person-others = Others of this family
person-ruled = Who has ruled
ruling-reason = How is this known?
ruling-clash = At { $at } somebody also asked for “{ $what }”, because “{ $why }”, without having seen the newest ruling. { $stands } Both are kept; please look and rule again.
ruling-clash-nothing = Nothing else had been ruled here then.
ruling-clash-stands = What stands is “{ $what }” by { $by }.
ruling-merge = Make them one person
ruling-unmerge = Make two people of one
ruling-undo = Ruling taken back
ruled-merge = { $a }: these are one person
ruled-unmerge = { $a }: these are two people
ruled-undo = { $a } took a ruling back
ruling-taken-back = Taken back
ruling-obeyed = A run has obeyed it
ruling-stands = Stands; the next run obeys
rulings-title = People merged and taken apart
rulings-intro = Who made one person of which two, and whose records were taken out; each can be looked at and taken back.
rulings-empty = Nobody has ruled yet
rulings-empty-why = Open a family, choose somebody under “Records of each person”, and merge or take apart.
rulings-find = Find a family
rulings-what = Ruling
rulings-when = When
rulings-state = Now
ruling-see-person = See who stays
ruling-see-other = See the other person
ruling-moved-merge = { $n_is ->
    [one] { $n } record that moved
   *[other] { $n } records that moved
 }
ruling-moved-unmerge = { $n_is ->
    [one] { $n } record taken out
   *[other] { $n } records taken out
 }
ruling-moved-undo = { $n_is ->
    [one] { $n } record concerned
   *[other] { $n } records concerned
 }
ruling-why = Why:
ruling-was-taken-back = This ruling was taken back. See by whom.
ruling-next-run-undoes = A run has obeyed it; the next one undoes it.
ruling-what-was = See which ruling was taken back.
ruling-help-goes-on = Neither stops any help: cases and lists stay as they are, and people see to them.
ruling-undo-title = Was it wrong?
ruling-undo-obeyed = A run has obeyed it: taken back, it is undone by the next run. To change it at once, merge or take apart directly.
ruling-undo-do = Take this ruling back
merge-title = Who is the same person as { $a }?
merge-intro = Find the other, compare the two item by item, see every record that would move, then decide.
merge-find = Find the other person
merge-find-hint = ID number, household number or name
merge-search = Find
merge-found = People found
merge-same-family = People of the same family
merge-nobody = Nobody found, or nobody you may see.
merge-nobody-here = There is nobody else in this family.
merge-family-of = { $a }’s family
merge-question = Is { $a } the same person as { $b }?
merge-moves = { $n_is ->
    [one] { $n } record that would move
   *[other] { $n } records that would move
 }
merge-stays = Stays
merge-goes = Joins
merge-evidence = The two records that are most alike
merge-stay-title = Records that stay where they are
merge-follows = Two members become one, and the family’s file follows at once; the next run obeys. Cases and help are not touched, and it can be taken back at any time.
merge-follows-elsewhere = The person stands in two families: the other one notes that the person is filed here, and both files follow at once; the next run obeys. Cases and help are not touched, and it can be taken back at any time.
merge-do = Make them one person
merge-turn = The other way round
ruling-reason-missing = Please say how this is known.
ruling-records-changed = These records have changed while you looked; nothing was done. Please open the page again.
ruling-records-old = These records were loaded by an earlier version and can’t be told for certain; wait for the next run.
ruling-records-missing = Choose the other person’s records: neither none of them nor all.
ruling-other-missing = Choose another person.
ruling-nothing-to-undo = There is no ruling to take back.
training-title = Learn from judgements
training-about = Every pair that people judged is a label. See what they would change before anything is learned.
training-labels = Pairs called one person: { $same }; two people: { $different }.
training-by-itself = What the program learns from the data by itself, without people’s judgements.
training-learned = Version { $version }, by { $by } ({ $why }): { $labels }
training-forgot = { $by }: without people’s judgements ({ $why }).
training-stands = The next run uses:
training-empty = Nothing to learn from yet
training-empty-why = The more pairs people have called one person, the better this works; review a few first.
training-changes = What it would change
training-changes-about = How often one person’s records reach each level. Fifty labels weigh as much as all that was learned without them. People are asked about doubtful pairs only, so labels lean towards disagreement; look at the comparison below before you decide.
training-col-labels = Labels
training-col-before = Now
training-col-after = Learned
training-col-weights = Weight
training-do-title = Use these judgements?
training-follows = From the next run on, labels correct how often one person’s records agree. What is there isn’t changed. You can go back at any time.
training-do = Learn so from the next run on
training-undo-title = Back to the version before?
training-undo = Go back
training-history = Which version, and whose
training-clash = At { $at } somebody also asked for this, because “{ $why }”, without having seen the newest version. Both are kept; please look and decide again.
training-no-labels = No pair has been called one person yet, so there is nothing to learn from.
training-nothing-to-undo = There is no version to go back to.
accuracy-title = How right it is: held against people
accuracy-about = Held against judged pairs ({ $n }): from which weight on linking would be right how often, and miss how many. People judge doubtful pairs only, so precision over all links is higher. The last column is once labels were learned from: each half by what the other half teaches.
accuracy-from = From weight
accuracy-linked = Pairs linked
accuracy-precision = Precision
accuracy-recall = Recall
accuracy-taught = Once learned
accuracy-says = Precision and recall over the weight from which records are linked; figures in the table
blocking-title = Which records are compared
blocking-about = Only records that agree on one of these are compared. Several may bring the same pair together; counted among the records it learned from.
blocking-says = How many pairs each rule found; figures in the table
rule-pinyin = sound of { $a }
rule-part = part of { $a }
field-of-born = Born
unlinkable-title = Records that say too little
unlinkable-about = { $a } of the records say too little: even compared with themselves they stay below the line, and wait for people.
unlinkable-says = The most each record could weigh; figures in the table
terms-title = Term frequencies: { $a }
terms-about = Agreeing on a common value says little, on a rare one much. The drawing shows the weight of agreement, the table the share of all; which values they are isn’t shown.
terms-says = What agreement on common values weighs; figures in the table
terms-rank = No. { $n }
terms-rest = not listed
