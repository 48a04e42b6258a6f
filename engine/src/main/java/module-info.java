/** The timing engine: seeds, phases, winding numbers, holds, their guarantee and their verifier. */
module org.qtop.engine {
}
