package io.rowrelay.common.settings;

import java.util.List;
import java.util.Set;

/**
 * The names that the programs of one product read. They often run with one set of variables or one file: a name that another
 * of them reads is never a mistake.
 *
 * @param names the settings of all the programs, and the names of the files of their secrets
 * @param prefixes a name that begins with one of these was meant for the product, so one that is not known is a mistake
 */
public record ProductNames(Set<String> names, List<String> prefixes) {

    /** Those of a program that shares nothing. */
    public static final ProductNames NONE = new ProductNames(Set.of(), List.of());

    public ProductNames {
        names = Set.copyOf(names);
        prefixes = List.copyOf(prefixes);
    }
}
