#:project ../src/Personalize.Fhir
#:property PublishAot=false

// Compiles the official definitions of FHIR R4 into the three text files that Personalize.Fhir embeds.
// Before the first run: npm ci --ignore-scripts (in this folder). Then: dotnet run compile.cs
using System.Runtime.CompilerServices;
using Personalize.Fhir.Json;
using Personalize.Fhir.Schema;
using Personalize.Fhir.Search;
using Personalize.Fhir.Terminology;

var here = Here();
var definitions = Path.Combine(here, "node_modules", "@medplum", "definitions", "dist", "fhir", "r4");
var target = Path.Combine(here, "..", "src", "Personalize.Fhir");

if (!Directory.Exists(definitions))
{
    Console.Error.WriteLine("The definitions are missing: run `npm ci --ignore-scripts` in fhir-profiles.");
    return 1;
}
JsonTree[] types = [Read("profiles-types"), Read("profiles-resources")];
Write("Schema/r4.schema", SchemaCompiler.Compile(types));
Write("Search/r4.search", SearchCompiler.Compile(Read("search-parameters"), Read("compartmentdefinition-patient")));
Write("Terminology/r4.codes", CodesCompiler.Compile([Read("valuesets"), Read("v3-codesystems"), Read("v2-tables")], SchemaCompiler.ValueSets(types)));
return 0;

JsonTree Read(string name) => JsonTree.Parse(File.ReadAllBytes(Path.Combine(definitions, name + ".json"))).Value;

void Write(string name, string text)
{
    File.WriteAllText(Path.Combine(target, name), text);
    Console.WriteLine($"{name}: {text.Count(c => c == '\n')} lines, {text.Length} characters");
}

static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
