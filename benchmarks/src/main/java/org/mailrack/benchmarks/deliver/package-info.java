/** From the first octet of a mail to the moment when its reader sees it. */
package org.mailrack.benchmarks.deliver;
