using System;
using System.IO;
using System.Linq;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using Mono.Cecil;
using Mono.Cecil.Cil;

/// <summary>
/// Writes a reference copy of each assembly in which internal members are public and private protected ones protected, with method bodies dropped.
/// Private members stay private: a member that its own class hides is no seam.
/// </summary>
public sealed class PublicizeAssembly : Task
{
    /// <summary>The assemblies to copy.</summary>
    [Required]
    public ITaskItem[] Originals { get; set; }

    /// <summary>Where the copies go, one for each original, in the same order.</summary>
    [Required]
    public ITaskItem[] Outputs { get; set; }

    /// <summary>Every reference of the project: the places where names in the originals resolve.</summary>
    [Required]
    public ITaskItem[] References { get; set; }

    /// <inheritdoc/>
    public override bool Execute()
    {
        using (var resolver = new DefaultAssemblyResolver())
        {
            foreach (var folder in References.Select(r => Path.GetDirectoryName(r.GetMetadata("FullPath"))).Distinct())
                resolver.AddSearchDirectory(folder);
            for (int i = 0; i < Originals.Length; i++)
                Write(Originals[i].GetMetadata("FullPath"), Outputs[i].GetMetadata("FullPath"), resolver);
        }
        return !Log.HasLoggedErrors;
    }

    private static void Write(string original, string output, IAssemblyResolver resolver)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(output));
        using (var assembly = AssemblyDefinition.ReadAssembly(original, new ReaderParameters { AssemblyResolver = resolver }))
        {
            foreach (var type in assembly.MainModule.GetTypes())
                Open(type);
            assembly.MainModule.Resources.Clear();

            // Written beside and moved, so that a build that is stopped, or one that runs beside this one, never leaves half a file.
            string temporary = output + "." + Guid.NewGuid().ToString("N");
            assembly.Write(temporary);
            try
            {
                if (File.Exists(output))
                    File.Delete(output);
                File.Move(temporary, output);
            }
            catch (IOException) when (File.Exists(output))
            {
                File.Delete(temporary);
            }
        }
    }

    private static void Open(TypeDefinition type)
    {
        switch (type.Attributes & TypeAttributes.VisibilityMask)
        {
            case TypeAttributes.NotPublic:
                Set(type, TypeAttributes.Public);
                break;
            case TypeAttributes.NestedAssembly:
            case TypeAttributes.NestedFamORAssem:
                Set(type, TypeAttributes.NestedPublic);
                break;
            case TypeAttributes.NestedFamANDAssem:
                Set(type, TypeAttributes.NestedFamily);
                break;
        }

        foreach (var field in type.Fields)
        {
            FieldAttributes access = field.Attributes & FieldAttributes.FieldAccessMask;
            if (access == FieldAttributes.Assembly)
                field.Attributes = (field.Attributes & ~FieldAttributes.FieldAccessMask) | FieldAttributes.Public;
            else if (access == FieldAttributes.FamANDAssem)
                field.Attributes = (field.Attributes & ~FieldAttributes.FieldAccessMask) | FieldAttributes.Family;
        }

        foreach (var method in type.Methods)
        {
            MethodAttributes access = method.Attributes & MethodAttributes.MemberAccessMask;
            if (access == MethodAttributes.Assembly)
                method.Attributes = (method.Attributes & ~MethodAttributes.MemberAccessMask) | MethodAttributes.Public;
            else if (access == MethodAttributes.FamANDAssem)
                method.Attributes = (method.Attributes & ~MethodAttributes.MemberAccessMask) | MethodAttributes.Family;
            if (method.HasBody)
            {
                method.Body = new MethodBody(method);
                ILProcessor il = method.Body.GetILProcessor();
                il.Emit(OpCodes.Ldnull);
                il.Emit(OpCodes.Throw);
            }
        }
    }

    private static void Set(TypeDefinition type, TypeAttributes visibility) =>
        type.Attributes = (type.Attributes & ~TypeAttributes.VisibilityMask) | visibility;
}
