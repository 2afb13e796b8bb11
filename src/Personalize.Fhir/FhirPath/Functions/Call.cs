using Personalize.Fhir.FhirPath.Syntax;

namespace Personalize.Fhir.FhirPath.Functions;

/// <summary>A function as it is called: its arguments, bound when asked for.</summary>
internal sealed class Call(Binder binder, CallNode node)
{
    public string Name => node.Name;

    public int Position => node.Position;

    public int Count => node.Arguments.Length;

    public Node Node(int index) => node.Arguments[index];

    public Step Argument(int index) => binder.Bind(node.Arguments[index]);

    /// <summary>The argument as a question.</summary>
    public Ask Condition(int index) => binder.Condition(node.Arguments[index]);

    /// <summary>Takes note that the call gives a name to values, when the argument is that name as it is.</summary>
    public void Defines(int index)
    {
        if (node.Arguments[index] is LiteralNode { Value: string name })
            binder.Defines(name);
    }

    /// <summary>The argument, or null when there are not so many.</summary>
    public Step? Optional(int index) => index < Count ? Argument(index) : null;

    /// <summary>The argument as the name of a type.</summary>
    public TypeTest Type(int index) => TypeTest.Of(node.Arguments[index] switch
    {
        MemberNode member => new TypeName(null, member.Name, member.Position),
        PathNode { Source: MemberNode space, Step: MemberNode member } => new TypeName(space.Name, member.Name, space.Position),
        var other => throw new SemanticError("Here the name of a type is expected", other.Position),
    });
}
