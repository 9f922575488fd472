/** Runs the filters at each stage of a mail, within their limits, and makes required ones count. */
package org.mailrack.filtering.internal;
