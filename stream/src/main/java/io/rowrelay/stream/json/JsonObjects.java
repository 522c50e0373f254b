package io.rowrelay.stream.json;

import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The JSON library, set to take what PostgreSQL prints: a column of type json can hold numbers and texts as long as a record
 * and thousands of levels. The tokens of a record are read in a time that its length bounds, whatever is in it; trees and
 * numbers have tighter limits. A column of type json may hold a name twice, so the reader of the top level rejects that.
 */
final class JsonObjects {
    /** A tree is compared by recursion. */
    private static final int DEEPEST_TREE = 500;
    /** The server's own reading ends before that, where max_stack_depth is as large as it can be. */
    private static final int DEEPEST_NESTING = 100_000;
    /** A numeric has at most 131,072 digits before and 16,383 after the point. */
    private static final int LONGEST_NUMBER = 150_000;
    /** The server rejects a longer text anyway. */
    private static final int LONGEST_TEXT = 1 << 30;

    /** A schema's checks of a number take a time that grows with the square of its length: seconds for the longest. */
    static final int LONGEST_NUMBER_OF_A_SCHEMA = 10_000;

    /** Reads the tokens of a record; not trees, and not the value of a number. */
    static final JsonMapper RECORDS = mapper(LONGEST_TEXT, DEEPEST_NESTING);
    /** For small trees. */
    static final JsonMapper MAPPER = mapper(LONGEST_NUMBER, DEEPEST_TREE);
    /** Reads what is validated against a schema. */
    static final JsonMapper SCHEMA_MAPPER = mapper(LONGEST_NUMBER_OF_A_SCHEMA, DEEPEST_TREE);

    private static JsonMapper mapper(int longestNumber, int deepest) {
        // Two threads read, each record alone: a pool that they share would be asked twice for each.
        return JsonMapper.builder(JsonFactory.builder()
                        .recyclerPool(JsonRecyclerPools.threadLocalPool())
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxNestingDepth(deepest)
                                .maxNumberLength(longestNumber)
                                .maxStringLength(LONGEST_TEXT)
                                .maxNameLength(LONGEST_TEXT)
                                .build())
                        .build())
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }

    private JsonObjects() {}
}
