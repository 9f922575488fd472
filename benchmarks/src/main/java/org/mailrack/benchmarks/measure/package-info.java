/** Time, processor time, memory and the table of results. */
package org.mailrack.benchmarks.measure;
