using System.Collections.Immutable;

namespace Personalize.Fhir.FhirPath.Syntax;

/// <summary>A part of an expression, as it was written.</summary>
/// <param name="Position">Where it begins, from 0.</param>
internal abstract record Node(int Position);

/// <summary>A constant value.</summary>
internal sealed record LiteralNode(object Value, int Position) : Node(Position);

/// <summary><c>{}</c>.</summary>
internal sealed record EmptyNode(int Position) : Node(Position);

/// <summary><c>$this</c>, <c>$index</c>, <c>$total</c>.</summary>
internal sealed record VariableNode(string Name, int Position) : Node(Position);

/// <summary><c>%name</c>.</summary>
internal sealed record ConstantNode(string Name, int Position) : Node(Position);

/// <summary>A name: a child, or at the beginning of a path the type of the focus.</summary>
internal sealed record MemberNode(string Name, int Position) : Node(Position);

/// <summary>A function with its arguments.</summary>
internal sealed record CallNode(string Name, ImmutableArray<Node> Arguments, int Position) : Node(Position);

/// <summary><c>source.step</c>.</summary>
internal sealed record PathNode(Node Source, Node Step) : Node(Step.Position);

/// <summary><c>source[index]</c>.</summary>
internal sealed record IndexerNode(Node Source, Node Index, int Position) : Node(Position);

/// <summary><c>-operand</c> or <c>+operand</c>.</summary>
internal sealed record SignNode(bool IsMinus, Node Operand, int Position) : Node(Position);

/// <summary><c>left operator right</c>.</summary>
internal sealed record OperatorNode(string Operator, Node Left, Node Right, int Position) : Node(Position);

/// <summary><c>operand is Type</c> or <c>operand as Type</c>.</summary>
internal sealed record TypeNode(bool IsTest, Node Operand, TypeName Type, int Position) : Node(Position);

/// <summary>An argument of <c>sort</c> with its direction.</summary>
internal sealed record SortKeyNode(Node Key, bool IsDescending) : Node(Key.Position);

/// <summary>The name of a type, with <c>FHIR</c>, <c>System</c> or nothing before it.</summary>
internal sealed record TypeName(string? Namespace, string Name, int Position);
