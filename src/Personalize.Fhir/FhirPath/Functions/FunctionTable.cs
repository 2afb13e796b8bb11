using System.Collections.Frozen;
using Personalize.Fhir.FhirPath.Syntax;
using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.FhirPath.Functions;

/// <summary>All functions, one row each, by the chapters of the specification.</summary>
internal static class FunctionTable
{
    private static readonly FrozenDictionary<string, Function> Rows = new Function[]
    {
        // 5.1 Existence
        Function.Of("empty", (Frame _, Slice input) => input.IsEmpty),
        Function.Of("exists", 0, 1, Existence.Exists),
        Function.Of("all", 1, 1, Existence.All),
        Function.Of("not", (Ask)Existence.Not),
        Function.Of("allTrue", (frame, input) => frame.Push(!Existence.Any(frame, input, false))),
        Function.Of("anyTrue", (frame, input) => frame.Push(Existence.Any(frame, input, true))),
        Function.Of("allFalse", (frame, input) => frame.Push(!Existence.Any(frame, input, true))),
        Function.Of("anyFalse", (frame, input) => frame.Push(Existence.Any(frame, input, false))),
        Function.OfTwo("subsetOf", (frame, input, other) => frame.Push(Combining.IsSubset(frame, input, other))),
        Function.OfTwo("supersetOf", (frame, input, other) => frame.Push(Combining.IsSubset(frame, other, input))),
        Function.Of("count", (frame, input) => frame.Push(input.Count)),
        Function.Of("distinct", Combining.Distinct),
        Function.Of("isDistinct", Combining.IsDistinct),

        // 5.2 Filtering and projection
        new("where", 1, 1, Filtering.Where),
        new("select", 1, 1, Filtering.Select),
        new("repeat", 1, 1, Filtering.Repeat),
        new("ofType", 1, 1, call => TypeFunctions.Narrow(call.Type(0))),

        // 5.3 Subsetting
        new("single", 0, 0, _ => Subsetting.Single),
        Function.Of("first", (frame, input) => frame.Push(Subsetting.Part(input, 0, 1))),
        Function.Of("last", (frame, input) => frame.Push(Subsetting.Part(input, input.Count - 1, 1))),
        Function.Of("tail", (frame, input) => frame.Push(Subsetting.Part(input, 1, input.Count))),
        new("skip", 1, 1, Subsetting.Skip),
        new("take", 1, 1, Subsetting.Take),
        Function.OfTwo("intersect", Combining.Intersect),
        Function.OfTwo("exclude", Combining.Exclude),

        // 5.4 Combining
        Function.OfTwo("union", (frame, input, other) => Combining.Union(frame, input, other)),
        Function.OfTwo("combine", Combining.Combine),
        new("coalesce", 1, 16, Combining.Coalesce),

        // 5.5 Conversion
        new("iif", 2, 3, Conversion.Iif),
        Function.Of("toBoolean", one => Conversion.ToBoolean(one)),
        Function.Of("convertsToBoolean", one => PathValue.Of(Conversion.ToBoolean(one) is not null)),
        Function.Of("toInteger", one => Conversion.ToInteger(one)),
        Function.Of("convertsToInteger", one => PathValue.Of(Conversion.ToInteger(one) is not null)),
        Function.Of("toLong", one => Conversion.ToLong(one)),
        Function.Of("convertsToLong", one => PathValue.Of(Conversion.ToLong(one) is not null)),
        Function.Of("toDecimal", one => Conversion.ToDecimal(one)),
        Function.Of("convertsToDecimal", one => PathValue.Of(Conversion.ToDecimal(one) is not null)),
        Function.Of("toString", one => Conversion.ToText(one)),
        Function.Of("convertsToString", one => PathValue.Of(Conversion.ToText(one) is not null)),
        Function.Of("toDate", one => Conversion.ToDate(one)),
        Function.Of("convertsToDate", one => PathValue.Of(Conversion.ToDate(one) is not null)),
        Function.Of("toDateTime", one => Conversion.ToDateTime(one)),
        Function.Of("convertsToDateTime", one => PathValue.Of(Conversion.ToDateTime(one) is not null)),
        Function.Of("toTime", one => Conversion.ToTime(one)),
        Function.Of("convertsToTime", one => PathValue.Of(Conversion.ToTime(one) is not null)),
        new("toQuantity", 0, 1, call => Conversion.ToQuantity(call, false)),
        new("convertsToQuantity", 0, 1, call => Conversion.ToQuantity(call, true)),

        // 5.6 Strings
        Function.OfText("indexOf", (text, part) => PathValue.Of(text.IndexOf(part, StringComparison.Ordinal))),
        Function.OfText("lastIndexOf", (text, part) => PathValue.Of(text.LastIndexOf(part, StringComparison.Ordinal))),
        new("substring", 1, 2, Strings.Substring),
        Function.Of("startsWith", 1, 1, Strings.StartsWith),
        Function.OfText("endsWith", (text, part) => PathValue.Of(text.EndsWith(part, StringComparison.Ordinal))),
        Function.OfText("contains", (text, part) => PathValue.Of(text.Contains(part, StringComparison.Ordinal))),
        Function.OfText("upper", text => PathValue.Of(text.ToUpperInvariant())),
        Function.OfText("lower", text => PathValue.Of(text.ToLowerInvariant())),
        Function.OfText("replace", Strings.Replace),
        new("matches", 1, 1, call => Patterns.Matches(call, false)),
        new("matchesFull", 1, 1, call => Patterns.Matches(call, true)),
        new("replaceMatches", 2, 2, Patterns.Replace),
        Function.OfText("length", text => PathValue.Of(text.Length)),
        Function.Of("toChars", Strings.ToChars),
        Function.OfText("trim", text => PathValue.Of(text.Trim())),
        new("split", 1, 1, Strings.Split),
        new("join", 0, 1, Strings.Join),
        Function.OfText("encode", Encodings.Encode),
        Function.OfText("decode", Encodings.Decode),
        Function.OfText("escape", Encodings.Escape),
        Function.OfText("unescape", Encodings.Unescape),

        // 5.7 Math
        Function.Of("abs", Mathematics.Abs),
        Function.OfNumber("ceiling", number => Mathematics.Whole(decimal.Ceiling(number))),
        Function.OfNumber("exp", number => Mathematics.Real(Math.Exp((double)number))),
        Function.OfNumber("floor", number => Mathematics.Whole(decimal.Floor(number))),
        Function.OfNumber("ln", number => Mathematics.Real(Math.Log((double)number))),
        new("log", 1, 1, Mathematics.Log),
        new("power", 1, 1, Mathematics.Power),
        new("round", 0, 1, Mathematics.Round),
        Function.OfNumber("sqrt", number => Mathematics.Real(Math.Sqrt((double)number))),
        Function.OfNumber("truncate", number => Mathematics.Whole(decimal.Truncate(number))),

        // 5.8 Tree navigation
        Function.Of("children", Tree.Children),
        Function.Of("descendants", Tree.Descendants),

        // 5.9 Utility
        new("trace", 1, 2, Asides.Trace),
        Function.Of("now", (frame, _) => frame.Push(frame.Now)),
        Function.Of("today", (frame, _) => frame.Push(frame.Today)),
        Function.Of("timeOfDay", (frame, _) => frame.Push(FhirTime.Of(TimeOnly.FromDateTime(frame.Context.Now.DateTime), TemporalPrecision.Millisecond))),
        new("defineVariable", 1, 2, Asides.DefineVariable),
        new("sort", 0, 16, Sorting.Sort),
        new("lowBoundary", 0, 1, call => Boundaries.Of(call, false)),
        new("highBoundary", 0, 1, call => Boundaries.Of(call, true)),
        Function.Of("precision", Boundaries.Precision),
        Function.OfTwo("comparable", Mathematics.Comparable),

        // Parts of dates, and the whole units between two of them
        Function.Of("yearOf", one => Dates.Part(one, TemporalPrecision.Year, d => d.Year)),
        Function.Of("monthOf", one => Dates.Part(one, TemporalPrecision.Month, d => d.Month)),
        Function.Of("dayOf", one => Dates.Part(one, TemporalPrecision.Day, d => d.Day)),
        Function.Of("hourOf", one => Dates.Part(one, TemporalPrecision.Hour, d => d.Hour)),
        Function.Of("minuteOf", one => Dates.Part(one, TemporalPrecision.Minute, d => d.Minute)),
        Function.Of("secondOf", one => Dates.Part(one, TemporalPrecision.Second, d => d.Second)),
        Function.Of("dateOf", Dates.DateOf),
        new("duration", 2, 2, Dates.Duration),
        new("difference", 2, 2, Dates.Difference),

        // 6.3 Types
        new("is", 1, 1, TypeFunctions.Is),
        new("as", 1, 1, call => TypeFunctions.Narrow(call.Type(0))),
        Function.Of("type", (frame, input) => TypeFunctions.TypeOf(frame, input)),

        // 7 Aggregates
        new("aggregate", 1, 2, Aggregates.Aggregate),
        Function.Of("sum", Aggregates.Sum),
        Function.Of("avg", Aggregates.Average),
        Function.Of("min", (frame, input) => Aggregates.Outermost(frame, input, -1)),
        Function.Of("max", (frame, input) => Aggregates.Outermost(frame, input, 1)),

        // FHIR R4: additional functions
        new("extension", 1, 1, FhirFunctions.Extension),
        Function.Of("hasValue", (Frame frame, Slice input) => FhirFunctions.HasValue(frame, input)),
        Function.Of("getValue", FhirFunctions.GetValue),
        Function.Of("resolve", References.Resolve),
        new("memberOf", 1, 1, FhirFunctions.MemberOf),
        new("conformsTo", 1, 1, FhirFunctions.ConformsTo),
        Function.Of("htmlChecks", FhirFunctions.HtmlChecks),
    }.ToFrozenDictionary(f => f.Name, StringComparer.Ordinal);

    /// <summary>The step of a call; a semantic error for an unknown function or a wrong number of arguments.</summary>
    public static Step Bind(Call call) => Find(call.Name, call.Count, call.Position).Bind(call);

    /// <summary>What makes the question of a call whose answer is a Boolean; null for another. Fails as <see cref="Bind"/> does.</summary>
    public static Func<Call, Ask>? Condition(CallNode call) => Find(call.Name, call.Arguments.Length, call.Position).Condition;

    private static Function Find(string name, int arguments, int position)
    {
        if (!Rows.TryGetValue(name, out var function))
            throw new SemanticError($"There is no function {name}", position);
        if (arguments < function.Least || arguments > function.Most)
            throw new SemanticError($"The function {name} takes another number of arguments", position);
        return function;
    }
}
