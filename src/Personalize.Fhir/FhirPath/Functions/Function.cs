namespace Personalize.Fhir.FhirPath.Functions;

/// <summary>A row of the function table.</summary>
/// <param name="Name">As it is called.</param>
/// <param name="Least">The least number of arguments.</param>
/// <param name="Most">The greatest number of arguments.</param>
/// <param name="Bind">Makes the step out of a call.</param>
/// <param name="Condition">Makes the question out of a call, when the answer is always one Boolean or not known; null for other functions.</param>
internal sealed record Function(string Name, int Least, int Most, Func<Call, Step> Bind, Func<Call, Ask>? Condition = null)
{
    /// <summary>No arguments; answers a Boolean.</summary>
    public static Function Of(string name, Ask body) => Of(name, 0, 0, _ => body);

    /// <summary>Answers a Boolean.</summary>
    public static Function Of(string name, int least, int most, Func<Call, Ask> condition) => new(name, least, most, call => Conditions.Pushed(condition(call)), condition);

    /// <summary>No arguments; pushes its result.</summary>
    public static Function Of(string name, Step body) => new(name, 0, 0, _ => body);

    /// <summary>No arguments, one item; empty for none, an error for several.</summary>
    public static Function Of(string name, Func<PathValue, PathValue?> body) => new(name, 0, 0, _ => (frame, input) =>
    {
        if (Singleton.One(frame, input) is { } one)
            Push(frame, body(one));
    });

    /// <summary>One string; empty for none.</summary>
    public static Function OfText(string name, Func<string, PathValue?> body) => new(name, 0, 0, _ => (frame, input) =>
    {
        if (Singleton.Text(frame, input) is { } text)
            PushText(frame, body(text), text);
    });

    /// <summary>One string with another as the argument; empty when one of them is.</summary>
    public static Function OfText(string name, Func<string, string, PathValue?> body) => new(name, 1, 1, call =>
    {
        var argument = call.Argument(0);
        return (frame, input) =>
        {
            var other = Text(frame, argument);
            if (Singleton.Text(frame, input) is { } text && other is not null)
                PushText(frame, body(text, other), text);
        };
    });

    /// <summary>One string with two others as arguments; empty when one of them is.</summary>
    public static Function OfText(string name, Func<string, string, string, PathValue?> body) => new(name, 2, 2, call =>
    {
        var (first, second) = (call.Argument(0), call.Argument(1));
        return (frame, input) =>
        {
            var (a, b) = (Text(frame, first), Text(frame, second));
            if (Singleton.Text(frame, input) is { } text && a is not null && b is not null)
                PushText(frame, body(text, a, b), text);
        };
    });

    /// <summary>One number; empty for none.</summary>
    public static Function OfNumber(string name, Func<decimal, PathValue?> body) => Of(name, one => Singleton.Number(one) is { } number ? body(number) : null);

    /// <summary>The input and another collection; the body pushes, what the argument pushed is dropped.</summary>
    public static Function OfTwo(string name, Action<Frame, Slice, Slice> body) => new(name, 1, 1, call =>
    {
        var argument = call.Argument(0);
        return (frame, input) =>
        {
            var start = frame.Top;
            var other = frame.Argument(argument);
            body(frame, input, other);
            frame.Collapse(start, other.End);
        };
    });

    /// <summary>An argument as a string; leaves nothing on the stack.</summary>
    public static string? Text(Frame frame, Step argument)
    {
        var start = frame.Top;
        var text = Singleton.Text(frame, frame.Argument(argument));
        frame.Reset(start);
        return text;
    }

    /// <summary>An argument as a whole number; leaves nothing on the stack.</summary>
    public static int? Integer(Frame frame, Step argument)
    {
        var start = frame.Top;
        var number = Singleton.Integer(frame, frame.Argument(argument));
        frame.Reset(start);
        return number;
    }

    /// <summary>An argument as one value; leaves nothing on the stack.</summary>
    public static PathValue? One(Frame frame, Step argument)
    {
        var start = frame.Top;
        var one = Singleton.One(frame, frame.Argument(argument));
        frame.Reset(start);
        return one;
    }

    // Reading a text and making one cost as much as they are long.
    private static void PushText(Frame frame, PathValue? result, string read)
    {
        frame.SpendText(read.Length + ((result?.System as string)?.Length ?? 0L));
        Push(frame, result);
    }

    public static void Push(Frame frame, PathValue? result)
    {
        if (result is { } value)
            frame.Push(value);
    }
}
