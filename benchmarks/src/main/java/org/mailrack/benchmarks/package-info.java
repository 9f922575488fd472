/**
 * Measures the packaged rack beside other mail servers: the same clients, the same machine, the same file system. Run by
 * {@code benchmarks/run}; no part of the rack.
 */
package org.mailrack.benchmarks;
