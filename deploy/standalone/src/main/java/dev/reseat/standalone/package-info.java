/** All of Reseat in one process, with a database and a broker of its own. Imports every room, is imported by none. */
package dev.reseat.standalone;
