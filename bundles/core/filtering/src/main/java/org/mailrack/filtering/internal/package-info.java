/**
 * Runs the filters at each stage of a mail, within their limits, and makes required ones count.
 *
 * <p>A mail enters the {@link org.mailrack.filtering.internal.Line} of a stage, and a
 * {@link org.mailrack.filtering.internal.Pass} takes it through. The {@link org.mailrack.filtering.internal.FilterBoard} makes the
 * lines from the services that are there and the settings, and keeps a {@link org.mailrack.filtering.internal.FilterCard} for each
 * filter's name.
 *
 * <p>Standards: RFC 5322 section 2.2 (header fields and folding), RFC 2047 (encoded words), RFC 3463 (status codes).
 *
 * <p>Guards against: mail that slips past a required filter; a filter that throws, hangs, hangs in its start, comes and goes, keeps
 * what it was lent, or says what a filter must not say, such as a line end in a header.
 *
 * <p>Limits: all in {@link org.mailrack.filtering.internal.FilteringConfig}; the value of a field that a filter sets, 64 Ki
 * characters; 1000 edits of a verdict; 16 open streams of a call; 256 filters that are gone and still remembered.
 */
package org.mailrack.filtering.internal;
