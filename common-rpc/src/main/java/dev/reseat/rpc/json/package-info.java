/**
 * JSON whose texts are long: what needs no escape is written and read as it stands in memory. Knows neither the
 * envelope nor objects.
 */
package dev.reseat.rpc.json;
