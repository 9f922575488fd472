package org.mailrack.filtering.internal;

/**
 * What one filter may do, and for whom it is. Immutable; see {@link FilterConfig} for what each means.
 *
 * @param timeLimit milliseconds for a message
 * @param timeLimitEnvelope milliseconds for anything before
 * @param calls calls at a time
 * @param errorBudget failures within the window that take it out
 * @param errorWindow seconds
 * @param trialAfter seconds until a filter that is out is tried again
 * @param trialCalls verdicts on trial that bring it back
 * @param prompt whether it is believed when it says that it is prompt
 * @param domains domains of recipients
 */
record Limits(
        int timeLimit,
        int timeLimitEnvelope,
        int calls,
        int errorBudget,
        int errorWindow,
        int trialAfter,
        int trialCalls,
        boolean prompt,
        Domains domains) {}
