using Personalize.Store.Sql;

namespace Personalize.Store.Sqlite;

/// <summary>How the tables of a file came to be. A step that was published is never changed: what is wanted otherwise is another step.</summary>
internal static class SqliteMigrations
{
    public static readonly Migration[] All =
    [
        // "IF NOT EXISTS": the first files were made before steps were recorded.
        new("tables", [
            // Texts that repeat: types, systems, actors.
            "CREATE TABLE IF NOT EXISTS sym(id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE)",
            "CREATE TABLE IF NOT EXISTS param(p INTEGER PRIMARY KEY, type TEXT NOT NULL, code TEXT NOT NULL, fingerprint TEXT NOT NULL, UNIQUE(type, code))",
            // A number for every resource that is or that is referred to.
            "CREATE TABLE IF NOT EXISTS ids(n INTEGER PRIMARY KEY, id TEXT NOT NULL, type INTEGER NOT NULL, UNIQUE(id, type))",
            """
            CREATE TABLE IF NOT EXISTS res(rid INTEGER PRIMARY KEY, n INTEGER NOT NULL, type INTEGER NOT NULL, version INTEGER NOT NULL, t INTEGER NOT NULL,
              until INTEGER NOT NULL, updated INTEGER NOT NULL, kind INTEGER NOT NULL, actor INTEGER NOT NULL, flags INTEGER NOT NULL, json BLOB)
            """,
            "CREATE INDEX IF NOT EXISTS res_n ON res(n, rid)",
            "CREATE INDEX IF NOT EXISTS res_type ON res(type, rid, t, until, kind, updated)",
            "CREATE INDEX IF NOT EXISTS res_t ON res(t)",
            "CREATE INDEX IF NOT EXISTS res_closed ON res(until) WHERE until < 9223372036854775807 AND flags < 2",
            "CREATE TABLE IF NOT EXISTS tok(p INTEGER NOT NULL, code TEXT NOT NULL, rid INTEGER NOT NULL, sys INTEGER NOT NULL, PRIMARY KEY(p, code, rid, sys)) WITHOUT ROWID",
            "CREATE TABLE IF NOT EXISTS str(p INTEGER NOT NULL, norm TEXT NOT NULL, rid INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY(p, norm, rid, text)) WITHOUT ROWID",
            "CREATE INDEX IF NOT EXISTS str_rid ON str(rid, p, norm)",
            "CREATE TABLE IF NOT EXISTS dt(p INTEGER NOT NULL, lo INTEGER NOT NULL, hi INTEGER NOT NULL, rid INTEGER NOT NULL, PRIMARY KEY(p, lo, hi, rid)) WITHOUT ROWID",
            "CREATE INDEX IF NOT EXISTS dt_rid ON dt(rid, p, lo, hi)",
            """
            CREATE TABLE IF NOT EXISTS num(p INTEGER NOT NULL, lo REAL NOT NULL, hi REAL NOT NULL, sys INTEGER NOT NULL, code TEXT NOT NULL, unit TEXT NOT NULL, rid INTEGER NOT NULL,
              PRIMARY KEY(p, lo, hi, sys, code, unit, rid)) WITHOUT ROWID
            """,
            "CREATE INDEX IF NOT EXISTS num_rid ON num(rid, p, lo, hi)",
            "CREATE TABLE IF NOT EXISTS ref(p INTEGER NOT NULL, target INTEGER NOT NULL, rid INTEGER NOT NULL, PRIMARY KEY(p, target, rid)) WITHOUT ROWID",
            "CREATE TABLE IF NOT EXISTS url(p INTEGER NOT NULL, url TEXT NOT NULL, rid INTEGER NOT NULL, type INTEGER NOT NULL, PRIMARY KEY(p, url, rid)) WITHOUT ROWID",
            // The compartments of patients; kept for closed versions too, which history and feed ask for.
            "CREATE TABLE IF NOT EXISTS pc(patient INTEGER NOT NULL, type INTEGER NOT NULL, rid INTEGER NOT NULL, PRIMARY KEY(patient, type, rid)) WITHOUT ROWID",
            "CREATE INDEX IF NOT EXISTS pc_rid ON pc(rid)",
            """
            CREATE TABLE IF NOT EXISTS membership(segment TEXT NOT NULL, patient INTEGER NOT NULL, start TEXT NOT NULL, until TEXT, t INTEGER NOT NULL,
              PRIMARY KEY(segment, patient, start)) WITHOUT ROWID
            """,
            "CREATE INDEX IF NOT EXISTS membership_patient ON membership(patient)",
            "CREATE TABLE IF NOT EXISTS fact(patient INTEGER PRIMARY KEY, bytes BLOB NOT NULL, t INTEGER NOT NULL)",
            "CREATE TABLE IF NOT EXISTS cursor(reader TEXT PRIMARY KEY, t INTEGER NOT NULL) WITHOUT ROWID",
        ]),
        new("deferred index and compression", [
            // One row: of the versions up to this one all index rows are written.
            "CREATE TABLE merged(rid INTEGER NOT NULL)",
            "INSERT INTO merged(rid) SELECT coalesce(max(rid), 0) FROM res",
            // What contents are compressed with; the first byte of a compressed one tells the number.
            "CREATE TABLE dictionary(number INTEGER PRIMARY KEY, bytes BLOB NOT NULL)",
        ]),
        new("charts and long dates", [
            "CREATE TABLE chart(p INTEGER NOT NULL, patient INTEGER NOT NULL, code TEXT NOT NULL, lo INTEGER NOT NULL, rid INTEGER NOT NULL, PRIMARY KEY(p, patient, code, lo, rid)) WITHOUT ROWID",
            // Spans of more than a day, by their ends: they are met by dates long after their beginnings.
            "CREATE INDEX dt_long ON dt(p, hi, lo, rid) WHERE hi>lo+86400000",
        ]),
        new("search parameters that come and go", [
            // One row: a number that grows with every change of the search parameters, the last number that one was given, and the program that indexes.
            "CREATE TABLE catalog(number INTEGER NOT NULL, last INTEGER NOT NULL, program TEXT NOT NULL)",
            "INSERT INTO catalog(number, last, program) SELECT 1, coalesce(max(p), 0), '' FROM param",
            // Parameters that are being indexed: of the versions up to bound those up to walked are looked through.
            "CREATE TABLE coming(p INTEGER PRIMARY KEY, walked INTEGER NOT NULL, bound INTEGER NOT NULL, done INTEGER NOT NULL, total INTEGER NOT NULL)",
            // Parameters that are gone and have rows still.
            "CREATE TABLE retired(p INTEGER PRIMARY KEY, since INTEGER NOT NULL)",
        ]),
        new("addresses of its own", [
            // The addresses under which its resources are known.
            "CREATE TABLE home(address TEXT PRIMARY KEY) WITHOUT ROWID",
        ]),
        new("dates by row", [
            // Equal beginnings lie in the order of their rows, so that a walk by date sorts nothing.
            "ALTER TABLE dt RENAME TO dt_by_end",
            "CREATE TABLE dt(p INTEGER NOT NULL, lo INTEGER NOT NULL, hi INTEGER NOT NULL, rid INTEGER NOT NULL, PRIMARY KEY(p, lo, rid, hi)) WITHOUT ROWID",
            "INSERT INTO dt(p, lo, hi, rid) SELECT p, lo, hi, rid FROM dt_by_end ORDER BY p, lo, rid, hi",
            "DROP TABLE dt_by_end",
            "CREATE INDEX dt_rid ON dt(rid, p, lo, hi)",
            "CREATE INDEX dt_long ON dt(p, hi, lo, rid) WHERE hi>lo+86400000",
        ]),
    ];
}
