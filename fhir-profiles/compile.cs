#:project ../src/Personalize.Fhir
#:property PublishAot=false

// Compiles the official definitions of FHIR R4 and US Core into the text files that Personalize.Fhir embeds.
// Before the first run: npm ci --ignore-scripts (in this folder). Then: dotnet run compile.cs [FOLDER]
// FOLDER holds the definitions of the package hl7.fhir.us.core 6.1.0 (CC0-1.0), one JSON file each; without it US Core's files stay as they are.
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Personalize.Fhir.Json;
using Personalize.Fhir.Schema;
using Personalize.Fhir.Search;
using Personalize.Fhir.Terminology;
using Personalize.Fhir.Validation.Profiles;

// SHA-256 over the files of US Core in the order of their names: what is compiled is what was looked at.
const string UsCoreDigest = "8dc236c8b47080b299aa7c971ebde4b0e09adc2addbcd0fe1671812d7b44ff25";

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
JsonTree[] codes = [Read("valuesets"), Read("v3-codesystems"), Read("v2-tables")];
JsonTree[] profiles = [Read("profiles-types"), Read("extension-definitions"), Read("profiles-others")];
var r4Codes = CodesCompiler.Compile(codes, SchemaCompiler.ValueSets(types));
Write("Terminology/r4.codes", r4Codes);
Write("Terminology/r4.displays", CodesCompiler.CompileDisplays(codes, r4Codes));
Write("Validation/Profiles/r4.profiles", ProfileCompiler.Compile("The profiles and extensions of FHIR 4.0.1", profiles.SelectMany(Resources)));
return args.Length == 0 ? 0 : UsCore(args[0]);

int UsCore(string folder)
{
    var files = Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(File.ReadAllBytes).ToList();
    var digest = Convert.ToHexStringLower(SHA256.HashData([.. files.SelectMany(f => f)]));
    if (digest != UsCoreDigest)
    {
        Console.Error.WriteLine($"These are not the definitions of US Core 6.1.0 that were looked at: their digest is {digest}.");
        return 1;
    }
    var bundle = JsonTree.Parse(Encoding.UTF8.GetBytes($"{{\"entry\":[{string.Join(',', files.Select(f => $"{{\"resource\":{Encoding.UTF8.GetString(f).TrimStart('\uFEFF')}}}"))}]}}")).Value;
    Write("Validation/Profiles/us-core.profiles", ProfileCompiler.Compile("The profiles and extensions of US Core 6.1.0", Resources(bundle)));
    var bound = Resources(bundle).Concat(profiles.SelectMany(Resources)).SelectMany(ProfileCompiler.ValueSets).Concat(Resources(bundle).Where(r => r["resourceType"].Text == "ValueSet").Select(r => r["url"].Text!));
    var compiled = CodesCompiler.Compile([.. codes, bundle], bound.Distinct(), "Code systems and value sets of US Core 6.1.0 and of R4's own profiles", ValueSets.R4);
    Write("Terminology/us-core.displays", CodesCompiler.CompileDisplays([.. codes, bundle], compiled, "Displays of code systems of US Core 6.1.0 and of R4's own profiles"));
    // Later versions of US Core add codes to its own systems, and their data is welcome.
    Write("Terminology/us-core.codes", Regex.Replace(compiled, "(?m)^system\thttp://hl7.org/fhir/us/core/.*$", "$0\tpartial"));
    return 0;
}

static IEnumerable<JsonItem> Resources(JsonTree bundle) => bundle.Root["entry"].Items.Select(e => e["resource"]);

JsonTree Read(string name) => JsonTree.Parse(File.ReadAllBytes(Path.Combine(definitions, name + ".json"))).Value;

void Write(string name, string text)
{
    File.WriteAllText(Path.Combine(target, name), text);
    Console.WriteLine($"{name}: {text.Count(c => c == '\n')} lines, {text.Length} characters");
}

static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
