package org.mailrack.filtering.internal;

/**
 * Where a filter comes from. Immutable.
 *
 * @param bundle the bundle's id
 * @param modified when it was installed or updated
 * @param name its symbolic name
 * @param version its version
 */
record Origin(long bundle, long modified, String name, String version) {}
