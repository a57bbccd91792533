webhooks-menu = Webhooks
webhooks-title = Webhooks
webhooks-lead = Other systems are told at once what happened: ids, kinds and times, nothing of any family. What it was they ask for with a token of their own.
webhooks-none = Nobody is told anything yet.
webhook-add = Add a receiver
webhook-name = Which system
webhook-url = Its address (https)
webhook-kinds = What it is told
webhook-kinds-missing = Tick at least one.
webhook-name-missing = Say which system it is, in at most 60 letters.
webhook-state = State
webhook-count-waiting = { $n_is ->
    [0] nothing waits
    [one] one waits
   *[other] { $n } wait
}
webhook-count-given-up = { $n_is ->
    [one] one given up
   *[other] { $n } given up
}
webhook-paused = Left alone until { $a }
webhook-paused-why = It didn’t answer. What happens meanwhile is told afterwards; a trial ends the pause.
webhook-try = Send a trial
webhook-new-secret = Change the secret
webhook-end = End
webhook-tellings = What it was told
webhook-tellings-none = Nothing yet. A trial shows whether it listens.
webhook-what = What happened
webhook-when = When
webhook-waits = on its way
webhook-told = arrived { $a }
webhook-given-up = given up { $a }
webhook-attempts = { $n_is ->
    [one] tried once
   *[other] tried { $n } times
}
webhook-again = Send again
webhook-refused = It answered { $a }
webhook-missed-malformed = This is no address such as https://host/path
webhook-missed-not_allowed = This address may not be called: a private one that the configuration doesn’t allow, or http to the outside
webhook-missed-unknown = There is no host of that name
webhook-missed-silent = It doesn’t answer within five seconds
webhook-missed-untrusted = Its certificate isn’t trusted
webhook-missed-garbled = Its answer can’t be read
webhook-secret-title = The receiver’s secret
webhook-secret-why = By this secret the receiver knows that a request is ours (Standard Webhooks). Give it to that system now; it is shown this once. A former secret goes on signing for a day.
webhook-secret-on = Handed over
webhook-kind-trial = trial
webhook-kind-clue_raised = a clue was raised
webhook-kind-finding_triaged = a finding was decided
webhook-kind-case_opened = a case was opened
webhook-kind-case_moved = a case moved on
webhook-kind-case_reminded = a deadline has come or passed
webhook-kind-pair_judged = two records were judged
webhook-kind-person_ruled = somebody said who a person is
webhook-kind-household_erased = a family was erased

audit-did-webhook_added = added a webhook receiver
audit-did-webhook_ended = ended a webhook receiver
audit-did-webhook_secret_changed = changed a webhook secret
audit-did-webhook_sent_again = sent a webhook again
audit-kind-webhook = webhook receiver
