/** The servers that are measured, each with its real configuration in a folder of its own. */
package org.mailrack.benchmarks.side;
