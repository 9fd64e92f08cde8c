/** Where log events leave the process: no secret passes. Named in logback's configuration, imported by nobody. */
package dev.reseat.logging;
