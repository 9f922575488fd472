/**
 * Runs the filters at each stage of a mail, within their limits, and makes required ones count.
 *
 * <p>Standards: RFC 5322 section 2.2 (header fields and folding), RFC 2047 (encoded words).
 *
 * <p>Guards against: mail that slips past a required filter; a filter that throws, hangs or edits a line end into a header.
 *
 * <p>Limits: all in {@link org.mailrack.filtering.internal.FilteringConfig}; the value of a field that a filter sets, 64 Ki
 * characters.
 */
package org.mailrack.filtering.internal;
