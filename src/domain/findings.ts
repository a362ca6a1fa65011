/** What a person reads on a finding. `{source}` is the billing row, `{line}` the line it concerns, `{detail}` what differs. */
export interface FindingText {
  readonly message: string;
  readonly remedy: string;
}

/** A source that Billing deleted (design 9 (26)); its cases are the ways in which a line depends on it. */
export const DELETED_IN_BILLING = 'deleted-in-billing';

/** Another field of a collected line than the guarded nine changed in Billing (known limitations, "Custom field update"). */
export const CUSTOM_FIELD_UPDATE = 'custom-field-update';

/** An SO line whose version is older than the one that was collected before it came (design 9 (16)). */
export const STALE_VERSION = 'stale-version';

/** A charge's booking is collected beside SO lines that were made for its invoice items: the same revenue twice. */
export const BOOKED_BESIDE_STANDALONE = 'booked-beside-standalone';

/** Billing tells another home currency than the one that was taken, which cannot change (enablement step 3). */
export const HOME_CURRENCY_CHANGED = 'home-currency-changed';

/** Text of the finding about an entity; `{taken}` and `{told}` are the two currencies. */
export const HOME_CURRENCY_TEXT: FindingText = {
  message:
    'Billing tells {told} as the home currency of {source}, which is {taken} here; once set it does not change, so nothing is synced.',
  remedy:
    'Set the home currency in Billing back to {taken} (Finance > Manage Currency Conversion), then send `retry`. A tenant that changed for good needs a database of its own.',
};

/** The same finding once Billing tells none at all; `{taken}` is the currency that stands. */
export const HOME_CURRENCY_GONE_TEXT: FindingText = {
  message:
    'Billing tells no home currency of {source} any more, after another one than {taken}, which stands here; once set it does not change, so nothing is synced.',
  remedy: HOME_CURRENCY_TEXT.remedy,
};

/** An adjustment dated on the switch date or later, which no memo stands for: nothing of it counts. */
export const ADJUSTMENT_AFTER_SWITCH = 'adjustment-after-switch';

/** Text of the finding about an adjustment; `{date}` is its own, `{switch}` the switch date. */
export const ADJUSTMENT_AFTER_SWITCH_TEXT: FindingText = {
  message:
    '{source} is dated {date}, and memos count from {switch} on: it forms no line, and no memo stands for it.',
  remedy:
    'Enter a memo over it in Billing that names it, or see that its memo does. If the switch date is wrong and nothing is collected yet, switch with another date.',
};

/** Text of every finding, by id; `id:case` where it reads differently from case to case. */
export const FINDING_TEXTS: Readonly<Record<string, FindingText>> = {
  'deleted-in-billing:superseded': {
    message: '{source} was deleted in Billing before its line {line} was collected; the line is superseded.',
    remedy:
      'Nothing to do if the deletion is right. If Billing brings the row back, the line is formed again by itself.',
  },
  'deleted-in-billing:collected': {
    message: '{source} was deleted in Billing after its line {line} was collected; the line stays collected.',
    remedy:
      'Revenue is not taken back by itself. If the deletion is right, correct the contract by a credit or a new subscription version in Billing; else restore the row there.',
  },
  'deleted-in-billing:parent': {
    message: '{source} was deleted in Billing, and the line {line} stands on it.',
    remedy:
      'A collected line stays; any other is held until the row is back. Find out in Billing why the row went and what rests on it did not.',
  },
  [CUSTOM_FIELD_UPDATE]: {
    message: '{source} says other things now than its collected line {line}, which stays as it is: {detail}.',
    remedy:
      'Nothing is taken over by itself. To take it over, release the line as correction or amendment (`revsync hold release --line`); to leave it, reject it. The finding goes when the values are as before.',
  },
  [STALE_VERSION]: {
    message:
      '{source} came late: version {version} of its line {line} is older than version {standing}, which was collected before; it is superseded.',
    remedy:
      'Nothing to do if the newer version is right, for it says all that the older one said. Else correct the subscription in Billing by a new version.',
  },
  'stale-version:opposite': {
    message:
      '{source} came late: version {version} of its line {line} is older than version {standing}, which was collected before with the opposite sign; it is superseded.',
    remedy:
      'Had it come first, the rule booking-sign-flipped would have stopped the newer version. What is collected stays: if the newer version is wrong, correct the subscription in Billing by a new version.',
  },
  [BOOKED_BESIDE_STANDALONE]: {
    message:
      '{source} is collected as {line} beside SO lines that were made for its invoice items, so the same revenue is booked twice: {detail}.',
    remedy:
      'It comes of a flag that excluded the booking and was taken back, or of an item that was released as standalone before its booking came. Nothing is taken back by itself: correct the amount by a manual entry, or exclude the booking again and bring the charge to zero by a new subscription version in Billing.',
  },
};
