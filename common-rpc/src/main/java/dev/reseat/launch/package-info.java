/** What the main of every program does; the roof of the library, which imports all rooms and is imported by mains. */
package dev.reseat.launch;
